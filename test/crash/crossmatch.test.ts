// `npm run crossmatch` over the whole sky, while both services and a stage are killed: nothing is lost, nothing comes twice, and every star is found.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseMatches } from '../../scripts/crossmatch/matches.ts';
import { findNode, ROOT } from '../../scripts/build.mjs';

const out = mkdtempSync(join(tmpdir(), 'vopipe-crossmatch-out-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** On the store of this test's process, as `npm start` would be. */
function crossmatch(...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> {
  const store = process.env['TEST_STORE'] ? { STORE: process.env['TEST_STORE'] } : {};
  const words = ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts', 'crossmatch.ts'), '--out', out, ...args];
  const child = spawn(findNode(), words, { env: { ...process.env, ...store }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}

test(
  'two catalogues are matched as on local files, and as they were made, whatever is killed meanwhile',
  { timeout: 400_000 },
  async () => {
    const { code, text } = await crossmatch('--kill');
    expect(code, text).toBe(0);
    expect(Number(/^ {2}completeness +([\d.]+) %/m.exec(text)?.[1])).toBeGreaterThanOrEqual(99.9);
    expect(text.match(/^ {2}killed: both services .* and a stage$/gm)).toHaveLength(2);
    for (const [name, least] of [
      ['survey', 41_000],
      ['ngc-ic', 15],
    ] as const) {
      expect(readFileSync(join(out, `${name}.svg`), 'utf8')).toContain('</svg>');
      const matches = parseMatches(readFileSync(join(out, `${name}.vot`)));
      expect(matches.length).toBeGreaterThan(least);
      if (name === 'ngc-ic') continue;
      // From pole to pole, and all around.
      const range = (values: readonly number[]): readonly number[] => [Math.min(...values), Math.max(...values)].map(Math.round);
      expect(range(matches.map(({ b }) => b.dec))).toEqual([-90, 89]);
      expect(range(matches.map(({ b }) => b.ra))).toEqual([0, 360]);
    }
  },
);

test('what it does not understand is said, and nothing is started', async () => {
  const { code, text } = await crossmatch('--only', 'nothing', '--seed', '1');
  expect(code).toBe(1);
  expect(text).toContain('--only nothing: there are survey and ngc-ic');
  expect(existsSync(join(out, 'nothing.svg'))).toBe(false);
});
