// Tests inside workerd: Durable Objects and the embedded store (project `workers`), and the same contract on a real Swift (`swift`).
import { createServer, type AddressInfo } from 'node:net';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const SWIFT_SUITE = 'test/contract/swift.test.ts';
const swiftVars = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SWIFT_')));
const seed = process.env['SEED'];

/** A port that is free at this moment, so that several runs on one machine do not meet. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
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
