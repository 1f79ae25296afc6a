// Builds the Worker into dist/worker when a source differs from the last build. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKER = join(ROOT, 'dist', 'worker');
const STAMP = join(WORKER, 'sources.sha256');

/** What is wrong, in one line for the person who typed the command. */
export class StartError extends Error {}

/**
 * The Node that the lock file brings, or the running one where npm has none for this platform.
 * @returns {string}
 */
export function findNode() {
  const own = join(ROOT, 'node_modules', '.bin', 'node');
  if (existsSync(own) && spawnSync(own, ['-v']).status === 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new StartError(
    `Node ${process.versions.node} is too old, and npm has no newer one for ${process.platform}-${process.arch}: install Node 24`,
  );
}

function sourceHash() {
  const hash = createHash('sha256');
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  for (const name of ['wrangler.toml', 'package-lock.json', 'tsconfig.json']) files.push(join(ROOT, name));
  for (const file of files.sort()) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/**
 * Brings dist/worker up to date. Needs no network. Throws StartError when the sources do not build.
 * @param {(line: string) => void} say told once, before a build begins
 */
export function build(say = () => {}) {
  const wanted = sourceHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  say('building the Worker');
  const fresh = join(ROOT, 'dist', `worker-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    const wrangler = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
    const run = spawnSync(findNode(), [wrangler, 'deploy', '--dry-run', '--outdir', fresh], {
      cwd: ROOT,
      encoding: 'utf8',
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_LOG: 'warn',
        WRANGLER_LOG_PATH: join(ROOT, 'dist', 'log'),
      },
    });
    if (run.status !== 0) throw new StartError(`the Worker does not build:\n${(run.stderr + run.stdout).trim()}`);
    writeFileSync(join(fresh, 'sources.sha256'), wanted);
    rmSync(WORKER, { recursive: true, force: true });
    renameSync(fresh, WORKER);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build(console.log);
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exitCode = 1;
  }
}
