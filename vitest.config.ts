// Three kinds of tests: pure code in Node, Durable Objects and stores inside workerd, the running service over HTTP.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts'], environment: 'node' } },
    ],
  },
});
