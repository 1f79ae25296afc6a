// Tests inside workerd: Durable Objects and the embedded store (project `workers`), and the same contract on a real Swift (`swift`).
import { createServer } from 'node:net';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const SWIFT_SUITE = 'test/contract/swift.test.ts';
const swiftVars = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SWIFT_')));
const seed = process.env['SEED'];

/**
 * A port that is free at this moment, so that several runs on one machine do not meet. Below those that systems give to outgoing
 * connections: every file starts its runtime on it anew, and in between nobody else is to have it.
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

async function inWorkerd(vars: Record<string, unknown>) {
  const port = await freePort();
  return cloudflareTest({
    main: 'test/support/test-worker.ts',
    wrangler: { configPath: 'test/support/wrangler.test.toml' },
    miniflare: {
      bindings: { STORE_ORIGIN: `http://127.0.0.1:${port}`, ...(seed === undefined ? {} : { SEED: seed }), ...vars },
      // The embedded store on a socket of its own, so that tests speak real HTTP with it.
      unsafeDirectSockets: [{ host: '127.0.0.1', port, entrypoint: 'EmbeddedStore' }],
    },
  });
}

export default defineConfig(async () => ({
  test: {
    projects: [
      {
        plugins: [await inWorkerd({})],
        test: {
          name: 'workers',
          include: ['test/contract/**/*.test.ts', 'test/durable/**/*.test.ts'],
          exclude: [SWIFT_SUITE],
          // Every file starts a runtime, and all of them listen on the project's one port.
          fileParallelism: false,
          testTimeout: 30_000,
        },
      },
      {
        plugins: [await inWorkerd(swiftVars)],
        test: { name: 'swift', include: [SWIFT_SUITE], testTimeout: 30_000, hookTimeout: 30_000 },
      },
    ],
  },
}));
