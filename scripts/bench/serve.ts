// A process of its own that serves the benchmarks' Worker until its parent is gone: the same runtime options as `npm start`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { openFileLimit, waitersFor } from '../open-files.ts';
import { readSettings } from '../settings.ts';
import { object, OBJECTS, QUIET, recordWorkerd, workerOptions } from '../worker-options.ts';

/** What the parent is told when everything listens. */
export interface Served {
  readonly pid: number;
  readonly service: string;
  readonly bare: string;
  readonly entry: string;
  /** The bare log of pipes/bare-log.ts. */
  readonly log: string;
}

const folder = fileURLToPath(new URL('../../dist/bench/', import.meta.url));
const environment = { MAX_WAITERS: String(waitersFor(openFileLimit())), ...process.env };
const settings = readSettings(environment, fileURLToPath(new URL('../../.swift/swift.env', import.meta.url)));
const state = mkdtempSync(join(tmpdir(), 'vopipe-bench-'));
const record = join(state, 'workerd.pid');
recordWorkerd(record);

const { host } = settings;
const converted = convertV4MiniflareOptions({
  ...workerOptions(folder, join(state, 'data')),
  name: 'bench',
  bindings: { ...settings.vars },
  durableObjects: {
    ...OBJECTS,
    BARE: object('Bare'),
    BARE_LOG: object('BareLog'),
  },
  unsafeDirectSockets: [
    { host, port: Number(process.env['BENCH_PORT'] ?? 0) },
    { host, port: 0, entrypoint: 'BareEntry' },
    { host, port: 0, entrypoint: 'BenchEntry' },
    { host, port: 0, entrypoint: 'BareLogEntry' },
    ...(settings.config.store.kind === 'embedded' ? [{ host, port: settings.storePort, entrypoint: 'EmbeddedStore' }] : []),
  ],
  ...(process.env['BENCH_INSPECTOR'] ? { inspectorPort: Number(process.env['BENCH_INSPECTOR']) } : {}),
  // The Worker's lines are taken, as npm start takes them, and dropped; so are workerd's own remarks.
  handleStructuredLogs: ({ level, message }) => {
    if (level === 'error' && !message.startsWith('NOSENTRY')) console.error(message);
  },
});
const miniflare = new Miniflare({ ...converted, ...QUIET });
await miniflare.ready;
const url = async (entrypoint?: string): Promise<string> => (await miniflare.unsafeGetDirectURL('bench', entrypoint)).origin;
const served: Served = {
  pid: Number.parseInt(readFileSync(record, 'utf8'), 10),
  service: await url(),
  bare: await url('BareEntry'),
  entry: await url('BenchEntry'),
  log: await url('BareLogEntry'),
};
process.send?.(served);
process.on('disconnect', () => {
  void miniflare.dispose().finally(() => {
    rmSync(state, { recursive: true, force: true });
    process.exit(0);
  });
});
