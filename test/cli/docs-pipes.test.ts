// The lines of docs/cli.md about pipes, stages and flows, typed as they stand.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makePerson, service } from './support/vopipe.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const person = await makePerson();

test('the lines about pipes, stages and flows work one after the other', async () => {
  const sections = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8').split(/^## /m);
  const blocks = ['Pipes', 'Stages', 'Flows'].flatMap((name) => {
    const section = sections.find((one) => one.startsWith(`${name}\n`)) ?? '';
    return Array.from(section.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block = '']) => block);
  });
  expect(blocks).toHaveLength(3);
  const bin = join(person.directory, 'bin');
  const here = join(person.directory, 'here');
  for (const directory of [bin, here]) mkdirSync(directory);
  writeFileSync(join(bin, 'vopipe'), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'scripts/vopipe.mjs')}" "$@"\n`, { mode: 0o755 });
  const script = blocks.join('\n').replaceAll('vos:/ada/', `${person.home}/`);
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: here,
    VOPIPE_URL: service.base,
    VOPIPE_USER: person.user,
    VOPIPE_PASSWORD: person.password,
  };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: here, env, timeout: 150_000 });
  expect(stdout).toMatch(/1 m31\.csv\n2 m42\.csv\n[^]*exit code 7\n[^]*m42\.csv +2 tries +exit 1\n/);
  expect(stdout).toMatch(/raw +closed +2\/2[^]*look +group +0 +2 to do/);
  expect(readFileSync(join(here, 'results/m31.txt'), 'utf8')).toBe('ra dec\n10.68 41.27\n');
  expect(readFileSync(join(here, 'night/by-hand/m31.csv'), 'utf8')).toBe('ra,dec\n10.68,41.27\n');
  expect(readFileSync(join(here, 'flow.svg'), 'utf8')).toContain('counted 2/2');
}, 160_000);
