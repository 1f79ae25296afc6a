// Serves the built Worker until told to stop: settings, state, workerd, the line that says it is ready.
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../src/config.ts';
import { openLog } from './log.ts';
import { openFileLimit } from './open-files.ts';
import { portProblem } from './processes.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { loopbackUrl, readSettings, type Settings } from './settings.ts';
import { checkStore, holdState, withCredentials } from './state.ts';

async function serve(): Promise<void> {
  const settings = readSettings(process.env, fileURLToPath(new URL('../.swift/swift.env', import.meta.url)));
  const log = openLog(settings.logFile);
  const held = await holdState(settings.stateDir);
  if (held.ended !== undefined) log.event('warn', 'orphan-ended', { pid: held.ended });
  checkStore(held, settings.config.store.kind);
  await checkPorts(settings);
  // Only when nothing stands in the way: the password is shown by the start that makes it.
  const state = withCredentials(held, settings.vars.ADMIN_USER ?? 'admin');
  const starting = startRuntime(settings, state, log);
  stopOnSignal(starting, () => log.flush());
  const runtime = await starting;
  const probe = await runtime.probe();
  if (!settings.vars.ADMIN_PASSWORD) {
    const { created, user, password } = state.credentials;
    const file = `${state.directory}/credentials`;
    console.log(created ? `admin      ${user} ${password}   (shown once; kept in ${file})` : `admin      ${user}   (password in ${file})`);
  }
  const url = settings.config.publicUrl ?? loopbackUrl(settings.host, settings.port);
  const { store } = settings.config;
  console.log(`page       ${url}/`);
  console.log(`service    ${url}${settings.config.basePath}   vos://${settings.config.authority}`);
  console.log(
    `store      ${store.kind} ${store.kind === 'swift' ? store.swift.authUrl : (store.url ?? loopbackUrl(settings.host, store.port))}`,
  );
  console.log(`state      ${state.directory}`);
  console.log(
    `ready in ${(performance.now() / 1000).toFixed(1)} s: ${probe.available ? 'available' : `NOT AVAILABLE: ${probe.detail}`}; at most ${openFileLimit()} open files, ${settings.config.maxWaiters} waiting requests`,
  );
}

async function checkPorts(settings: Settings): Promise<void> {
  const wanted = [
    ['PORT', settings.port] as const,
    ...(settings.config.store.kind === 'embedded' ? [['STORE_PORT', settings.storePort] as const] : []),
  ];
  const problems = await Promise.all(
    wanted.map(async ([name, port]) => {
      const problem = await portProblem(settings.host, port);
      return problem === undefined ? [] : [`${name}: ${problem}`];
    }),
  );
  if (problems.flat().length > 0) throw new ConfigError(problems.flat().join('\n'));
}

function stopOnSignal(starting: Promise<Runtime>, flush: () => void): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void starting
      .then((runtime) => runtime.stop())
      .finally(flush)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // The process that started this one is gone.
  process.on('disconnect', stop);
  if (process.send !== undefined && !process.connected) stop();
  // Nobody reads the log any more.
  process.stdout.on('error', () => undefined);
}

try {
  await serve();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  console.error(`cannot start:\n${text.replaceAll(/^/gm, '  ')}`);
  if (/^SWIFT_AUTH_URL: is missing/m.test(text))
    console.error('  npm run swift:up starts a Swift here; docs/swift.md says how to use another');
  if (!(error instanceof ConfigError) && process.env['DEBUG']) console.error(error);
  process.exit(1);
}
