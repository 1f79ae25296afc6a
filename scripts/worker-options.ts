// How Miniflare runs a built Worker of this service: for `npm start` and for the benchmarks alike.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

type WorkerModule = { type: 'ESModule' | 'Text' | 'Data' | 'CompiledWasm'; path: string; contents: string | Uint8Array<ArrayBuffer> };

/** The built Worker, held in memory, so that a build meanwhile does not reach a running instance through a restart of workerd. */
function readWorker(directory: string): WorkerModule[] {
  const types = {
    '.js': 'ESModule',
    '.mjs': 'ESModule',
    '.txt': 'Text',
    '.html': 'Text',
    '.css': 'Text',
    '.svg': 'Text',
    '.bin': 'Data',
    '.wasm': 'CompiledWasm',
  } as const;
  const isKnown = (extension: string): extension is keyof typeof types => extension in types;
  return readdirSync(directory)
    .sort((a, b) => Number(b === 'worker.js') - Number(a === 'worker.js'))
    .flatMap((name): WorkerModule[] => {
      const extension = extname(name);
      if (!isKnown(extension)) return [];
      const bytes = new Uint8Array(readFileSync(join(directory, name)));
      const type = types[extension];
      return [
        { type, path: join(directory, name), contents: type === 'ESModule' || type === 'Text' ? new TextDecoder().decode(bytes) : bytes },
      ];
    });
}

export const object = (className: string): { readonly className: string; readonly useSQLite: true } => ({ className, useSQLite: true });

export const OBJECTS = {
  SPACE: object('Space'),
  JOBS: object('JobQueue'),
  PIPES: object('Pipe'),
  DIRECTORY: object('Directory'),
  STORE_KEYS: object('StoreKeys'),
};

/** To be given besides the converted options: each of these would trace or copy every request. */
export const QUIET = { logRequests: false, unsafeObservability: false, enableDevRegistry: false } as const;

/** `directory`: the built Worker. `data`: where its objects and bytes are kept. It listens where its sockets of its own say, and nowhere else. */
export function workerOptions(directory: string, data: string) {
  return {
    modules: readWorker(directory),
    modulesRoot: directory,
    compatibilityDate: '2026-10-01',
    compatibilityFlags: ['enable_request_signal', 'nodejs_compat'],
    r2Buckets: { BYTES: 'bytes' },
    cf: false,
    host: '127.0.0.1',
    port: 0,
    resourcePersistencePath: data,
    telemetry: { enabled: false },
  };
}

/** Every workerd that Miniflare starts from here on notes its process id in this file. */
export function recordWorkerd(file: string): void {
  process.env['MINIFLARE_WORKERD_PATH'] = fileURLToPath(new URL('workerd.sh', import.meta.url));
  process.env['RUNTIME_RECORD'] = file;
  process.env['RUNTIME_BINARY'] = workerdBinary();
}

/** The binary that Miniflare itself would run. */
function workerdBinary(): string {
  const fromMiniflare = createRequire(createRequire(import.meta.url).resolve('miniflare'));
  const found = fromMiniflare('workerd') as { readonly default: string };
  return found.default;
}
