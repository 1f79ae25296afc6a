// Builds the client library into dist/client: modules that every Node, browser and Worker can import, and their types.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type BuildResult } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLIENT = join(ROOT, 'dist', 'client');

/** The entries of package.json's `exports`, and where their sources are. */
export const ENTRIES = {
  index: 'src/client/package.ts',
  xml: 'src/client/xml.ts',
  pipes: 'src/client/pipes.ts',
  events: 'src/client/events.ts',
} as const;

/** Bundles the entries into a directory, what several need in files of their own. Nothing is left to be imported from elsewhere. */
export function bundleClient(outdir: string, options: BuildOptions = {}): Promise<BuildResult> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: ['es2022'],
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
}

/** Brings dist/client up to date. Needs no network. Throws when the sources do not build. */
export async function buildClient(): Promise<void> {
  const fresh = join(ROOT, 'dist', `client-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    await bundleClient(fresh);
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const run = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.client.json', '--outDir', join(fresh, 'types')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`the client's types do not build:\n${(run.stdout + run.stderr).trim()}`);
    rmSync(CLIENT, { recursive: true, force: true });
    renameSync(fresh, CLIENT);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
