// Builds the command line into dist/cli when a source differs from the last build. Plain JavaScript for Node 20: it runs before anything else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILDS = join(ROOT, 'dist', 'cli');
const SOURCES = ['src/cli', 'src/client', 'src/model', 'src/formats', 'src/xml'];
const DAY = 24 * 3600_000;

/** By names, times and sizes: it is made at each start of a command, and must be quick. */
function stamp() {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const path of files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path.slice(ROOT.length)} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Commands that run keep the build that they began with; those that nobody has begun for a day go. */
function forget(current) {
  for (const name of readdirSync(BUILDS)) {
    const path = join(BUILDS, name);
    if (name !== current && Date.now() - statSync(path).mtimeMs > DAY) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Brings dist/cli up to date. Needs no network.
 * @returns {Promise<string>} the module that exports `main`
 */
export async function buildCli() {
  const name = stamp();
  const directory = join(BUILDS, name);
  const entry = join(directory, 'main.js');
  if (existsSync(entry)) return entry;
  const { build } = await import('esbuild');
  const fresh = join(BUILDS, `making-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: { main: 'src/cli/main.ts' },
      outdir: fresh,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: ['node20'],
      // Packages that are not modules ask for Node's own by `require`.
      banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
      logLevel: 'warning',
    });
    utimesSync(fresh, new Date(), new Date());
    try {
      renameSync(fresh, directory);
    } catch (error) {
      // Another command has built the same meanwhile.
      if (!existsSync(entry)) throw error;
    }
    forget(name);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return entry;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();
