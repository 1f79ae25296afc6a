// workerd under supervision: started through Miniflare with sockets of its own, started anew when it dies or stops answering.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import type { LogSink } from './log.ts';
import { loopbackUrl, type Settings } from './settings.ts';
import type { State } from './state.ts';
import { OBJECTS, QUIET, recordWorkerd, workerOptions } from './worker-options.ts';

const PROBE_EVERY_MS = 2000;
const PROBE_TIMEOUT_MS = 8000;
/** Any answer will do, a 404 too: a store that is slow is no reason to start workerd anew. */
const PROBE_PATH = '/-/alive';
/** Probes without an answer, one after another, after which workerd is taken for dead. */
const PROBES_FAILED = 3;
const LONGEST_PAUSE_MS = 30_000;

export interface Probe {
  readonly available: boolean;
  /** What the service says about itself, or why there was no answer. */
  readonly detail: string;
}

export interface Runtime {
  probe(): Promise<Probe>;
  stop(): Promise<void>;
}

function options(settings: Settings, state: State, log: LogSink): ConstructorParameters<typeof Miniflare>[0] {
  const { host } = settings;
  const converted = convertV4MiniflareOptions({
    ...workerOptions(fileURLToPath(new URL('../dist/worker', import.meta.url)), state.data),
    name: 'vopipe',
    bindings: { ...settings.vars, ...adminVars(settings, state) },
    durableObjects: OBJECTS,
    unsafeDirectSockets: [
      { host, port: settings.port },
      ...(settings.config.store.kind === 'embedded' ? [{ host, port: settings.storePort, entrypoint: 'EmbeddedStore' }] : []),
    ],
    log: new RuntimeLog(log),
    // The Worker's own lines are JSON already; anything else is workerd speaking.
    handleStructuredLogs: ({ level, message }) => {
      if (message.startsWith('{')) log.line(message);
      else log.event(level === 'error' ? 'error' : level === 'warn' ? 'warn' : 'info', 'runtime-said', { message });
    },
    handleUncaughtError: (error: Error) => log.event('error', 'uncaught', { message: error.message }),
    unsafeHandleRuntimeRestart: () => log.event('warn', 'runtime-restarted'),
  });
  return { ...converted, ...QUIET };
}

function adminVars(settings: Settings, state: State): Record<string, string> {
  if (settings.vars.ADMIN_PASSWORD) return {};
  return { ADMIN_USER: state.credentials.user, ADMIN_PASSWORD: state.credentials.password };
}

class RuntimeLog extends Log {
  readonly #log: LogSink;
  constructor(log: LogSink) {
    super(LogLevel.WARN);
    this.#log = log;
  }
  protected override log(message: string): void {
    // oxlint-disable-next-line no-control-regex -- the colours of a terminal
    this.#log.event('warn', 'runtime-warning', { message: message.replaceAll(/\u001b\[\d+m/g, '') });
  }
}

/** Resolves when the first workerd listens; rejects when it cannot start. Afterwards it is kept running until `stop`. */
export async function startRuntime(settings: Settings, state: State, log: LogSink): Promise<Runtime> {
  recordWorkerd(state.runtimeRecord);
  process.env['TMPDIR'] = state.scratch;
  const origin = loopbackUrl(settings.host, settings.port);
  const boot = async (): Promise<Miniflare> => {
    const fresh = withoutSignalHandlers(() => new Miniflare(options(settings, state, log)));
    try {
      await fresh.ready;
    } catch (error) {
      await fresh.dispose().catch(() => undefined);
      throw error;
    }
    return fresh;
  };
  const stopping = new AbortController();
  let current: Miniflare | undefined = await boot();
  const restart = async (): Promise<void> => {
    for (let pause = 500; !stopping.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await current?.dispose();
        current = undefined;
        current = await boot();
        log.event('warn', 'runtime-replaced');
        return;
      } catch (error) {
        log.event('error', 'runtime-start-failed', { message: String(error), retryMs: pause });
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const supervise = async (): Promise<void> => {
    for (let failed = 0; !stopping.signal.aborted;) {
      await sleep(PROBE_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const answer = await ask(origin + PROBE_PATH, stopping.signal);
      failed = answer.answered ? 0 : failed + 1;
      if (failed === 0 || stopping.signal.aborted) continue;
      log.event('warn', 'probe-failed', { failed, detail: answer.detail });
      if (failed < PROBES_FAILED) continue;
      await restart();
      failed = 0;
    }
  };
  const supervision = supervise();
  return {
    probe: () => ask(`${origin}${settings.config.basePath}/availability`),
    stop: async () => {
      stopping.abort();
      await supervision;
      await current?.dispose();
    },
  };
}

/** Miniflare would end this process at once on a signal, as if that were a failure; what it does on exit stays. */
function withoutSignalHandlers<T>(make: () => T): T {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const made = make();
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.removeListener(signal, listener);
    }
  });
  return made;
}

/** VOSI availability. Any HTTP answer shows that workerd lives; only `available` true that the service can work. */
async function ask(url: string, signal?: AbortSignal): Promise<Probe & { readonly answered: boolean }> {
  try {
    const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const response = await fetch(url, { signal: signal ? AbortSignal.any([timeout, signal]) : timeout });
    const text = await response.text();
    const notes = Array.from(text.matchAll(/<(?:\w+:)?note>([^<]*)</g), (match) => match[1]).join('; ');
    const available = response.ok && /<(?:\w+:)?available>\s*true\s*</.test(text);
    return { answered: true, available, detail: notes || `HTTP ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { answered: false, available: false, detail: cause instanceof Error ? cause.message : String(cause) };
  }
}
