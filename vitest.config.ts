// Tests in Node: pure code, and the running service over HTTP. What runs inside workerd is in vitest.workers.config.ts.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts'], environment: 'node' } },
      // HTTP only, to the one service that global-setup.ts starts or finds.
      {
        test: {
          name: 'protocol',
          include: ['test/protocol/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts', 'test/protocol/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      // These start, kill and restart services of their own.
      {
        test: {
          name: 'http',
          include: ['test/security/**/*.test.ts', 'test/crash/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The command line as a process, against the same service as `protocol`.
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts', 'test/protocol/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The page in Debian's Chromium, against the same service as `protocol`.
      {
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts', 'test/protocol/global-setup.ts'],
          maxWorkers: 2,
          // A browser on two busy cores may take its time; what never comes is told all the same.
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      // On a Swift whose servers they take away; scripts/test-swift.sh starts it.
      {
        test: {
          name: 'replicas',
          include: ['test/replicas/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/build.ts'],
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
