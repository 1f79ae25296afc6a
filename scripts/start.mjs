// `npm start`: installs what is missing, builds what changed, then serves until it is told to stop. Plain JavaScript for Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, findNode, ROOT, StartError } from './build.mjs';

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** Whether node_modules holds just the versions of the lock file; packages for other platforms may be absent. */
function isInstalled() {
  let installed;
  try {
    installed = readJson('node_modules/.package-lock.json').packages;
  } catch {
    return false;
  }
  const wanted = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  return wanted.every(([path, entry]) => (installed[path] ? installed[path].version === entry.version : entry.optional || entry.peer));
}

function install() {
  console.log('installing the packages of package-lock.json');
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const run = spawnSync(npm ? process.execPath : 'npm', npm ? [npm, ...options] : options, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  if (run.status === 0) return;
  const said = `${run.error ?? ''}${run.stderr ?? ''}`.trim();
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(said)) {
    throw new StartError('the package registry cannot be reached: the first start needs the network (later ones do not)');
  }
  throw new StartError(`npm ci failed:\n${said.split('\n').slice(0, 12).join('\n')}`);
}

/** Runs the server in a process group of its own, so that Ctrl-C in a terminal reaches only this process, which passes it on once. */
function serve() {
  const node = findNode();
  const flags = ['--disable-warning=ExperimentalWarning'];
  if (process.allowedNodeEnvironmentFlags.has('--experimental-transform-types') || node !== process.execPath) {
    flags.push('--experimental-transform-types');
  }
  // The channel is how the server learns that this process is gone, however it went.
  const server = spawn(node, [...flags, join(ROOT, 'scripts', 'serve.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill('SIGTERM'));
  // npm killed outright cannot pass anything on: then this process gets another parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid === parent || server.kill('SIGTERM'), 250).unref();
  }
  server.on('error', (error) => fail(error));
  server.on('exit', (code, signal) => {
    if (signal) console.error(`the server was ended by ${signal}`);
    process.exit(code ?? 1);
  });
}

function fail(error) {
  console.error(error instanceof StartError ? `cannot start: ${error.message}` : error);
  process.exit(1);
}

try {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new StartError(`Node ${process.versions.node} is too old: 20 or newer is needed`);
  if (!isInstalled()) install();
  build(console.log);
  serve();
} catch (error) {
  fail(error);
}
