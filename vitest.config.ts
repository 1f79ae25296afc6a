// Tests in Node: pure code, and the running service over HTTP. What runs inside workerd is in vitest.workers.config.ts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'http',
          include: ['test/protocol/**/*.test.ts', 'test/security/**/*.test.ts', 'test/crash/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
