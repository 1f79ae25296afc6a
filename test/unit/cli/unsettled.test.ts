// A process whose command waits for nothing says so.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const file = fileURLToPath(new URL('../../../src/cli/unsettled.ts', import.meta.url));

test.each([
  ['new Promise(() => undefined)', 'forgotten'],
  ['new Promise((resolve) => setTimeout(resolve, 20, "done"))', 'done'],
])('%s: %s', (work, said) => {
  const script = `import { orForgotten } from ${JSON.stringify(file)}; console.log(await orForgotten(${work}, () => 'forgotten'));`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, `${said}\n`]);
});
