// Tests inside workerd: Durable Objects (project `workers`), the contract of object stores on the embedded store, over HTTP (`embedded`), and
// the same on a real Swift (`swift`).
import { createServer } from 'node:net';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const SWIFT_SUITE = 'test/contract/swift.test.ts';
const STORE_SUITE = 'test/contract/embedded.test.ts';
const swiftVars = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SWIFT_')));
/** Of random tests: where they begin, and how long they are. */
const { SEED, OPERATIONS } = process.env;

/**
 * A port that is free at this moment, so that several runs on one machine do not meet. Below those that systems give to outgoing
 * connections: one of these could take it before the runtime does.
 */
async function freePort(): Promise<number> {
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return free ? port : freePort();
}

/** `sockets`: ports on which entry points are served. */
function inWorkerd(vars: Record<string, unknown>, sockets: { host: string; port: number; entrypoint: string }[] = []) {
  return cloudflareTest({
    main: 'test/support/test-worker.ts',
    wrangler: { configPath: 'test/support/wrangler.test.toml' },
    miniflare: {
      bindings: { ...(SEED !== undefined && { SEED }), ...(OPERATIONS !== undefined && { OPERATIONS }), ...vars },
      unsafeDirectSockets: sockets,
    },
  });
}

/** The embedded store on a socket of its own, so that tests speak real HTTP with it. */
async function withStore() {
  const port = await freePort();
  return inWorkerd({ STORE_ORIGIN: `http://127.0.0.1:${port}` }, [{ host: '127.0.0.1', port, entrypoint: 'EmbeddedStore' }]);
}

export default defineConfig(async () => ({
  test: {
    projects: [
      {
        plugins: [inWorkerd({})],
        test: {
          name: 'workers',
          include: ['test/contract/**/*.test.ts', 'test/durable/**/*.test.ts'],
          exclude: [SWIFT_SUITE, STORE_SUITE],
          fileParallelism: false,
          testTimeout: 30_000,
        },
      },
      {
        plugins: [await withStore()],
        // One file: every file starts a runtime anew, and the port of the last one may not be free yet.
        test: { name: 'embedded', include: [STORE_SUITE], testTimeout: 30_000 },
      },
      {
        plugins: [inWorkerd(swiftVars)],
        test: { name: 'swift', include: [SWIFT_SUITE], testTimeout: 30_000, hookTimeout: 30_000 },
      },
    ],
  },
}));
