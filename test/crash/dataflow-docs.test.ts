// What docs/dataflow.md tells its readers to type, typed, on a fresh service; and the same with a stage that is killed in the middle.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../scripts/build.mjs';
import { parseMatches } from '../../scripts/crossmatch/matches.ts';
import { startService, type Service } from '../support/service.ts';

const text = readFileSync(join(ROOT, 'docs/dataflow.md'), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'vopipe-sky-'));
let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** In the project's directory, with the reader's files elsewhere, and the administrator of this service. */
function run(script: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const here = script
    .replaceAll('http://127.0.0.1:8787/vos', service.base)
    .replaceAll('.state/credentials', join(service.stateDir, 'credentials'))
    .replaceAll('/tmp/sky', directory);
  return new Promise((resolve, reject) => {
    const bash = spawn('bash', ['-xeuo', 'pipefail', '-c', here], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: directory, NO_PROXY: '127.0.0.1' },
    });
    let output = '';
    for (const stream of [bash.stdout, bash.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (output += part));
    bash.once('error', reject);
    bash.once('close', (code) => resolve({ code, output }));
  });
}

function blocks(language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] ?? '');
}

test('The commands of docs/dataflow.md work as they stand, and its program in Python finds the same', { timeout: 400_000 }, async () => {
  const [program = ''] = blocks('python');
  writeFileSync(join(directory, 'match.py'), program);
  const { code, output } = await run(blocks('sh').join('\n'));
  expect(code, output.slice(-4000)).toBe(0);
  expect(output.match(/^completeness 100\.0 %/gm)?.length, output.slice(-4000)).toBe(3);
  const found = (where: string): readonly string[] =>
    ['dec_m90_m60', 'dec_p00_p30'].flatMap((name) =>
      parseMatches(readFileSync(join(directory, where, `${name}.vot`))).map(({ a, b, log10B }) => `${a.id} ${b.id} ${log10B.toFixed(3)}`),
    );
  expect(found('matches-in-python')).toEqual(found('matches'));
  expect(found('declared')).toEqual(found('matches'));
  expect(readFileSync(join(directory, 'flow.svg'), 'utf8')).toContain('</svg>');
  expect(found('matches').length).toBeGreaterThan(10_000);
});
