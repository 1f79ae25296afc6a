// Readings of pipes that are killed, or done twice at once: nothing is repeated that need not be, and nothing is left that could be taken for a chunk.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOST } from '../../src/cli/processes.ts';
import { eventually, piping } from './support/pipes.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { make, uri } = await piping(person);
const { run, begin, directory } = person;

test('a state file is that of one reading at a time, and of the next one when that was killed', async () => {
  const pipe = await make('a', 'b');
  await pipe.write({ name: 'one', data: '1' });
  const [folder, seen] = [join(directory, 'states'), join(directory, 'seen')];
  const args = (until: string, script: string) => {
    return ['pipe', 'read', uri('b'), '--until', until, '--state-file', join(folder, 'state'), '--', 'sh', '-c', script];
  };
  const first = begin(args('closed', `cat >> ${seen}`));
  await eventually(() => existsSync(join(folder, 'state')));
  expect(await run(args('tail', `cat >> ${seen}`))).toMatchObject({
    code: 5,
    err: expect.stringMatching(/another vopipe is reading with .*\n.*state\.lock/) as string,
  });
  first.process.kill('SIGKILL');
  await first.ended;
  await pipe.write({ name: 'two', data: '2' });
  // The reader is killed while its program works.
  expect((await run(args('tail', 'kill -9 $PPID'))).code).toBe(null);
  expect(await run(args('tail', `cat >> ${seen}`))).toMatchObject({ code: 0, err: '2 two 1 B\n' });
  expect(readFileSync(seen, 'utf8')).toBe('12');
  expect(readdirSync(folder)).toEqual(['state']);
});

test('what a killed reading has left of a file goes with the next one, and that of a living one stays', async () => {
  const pipe = await make('c', 'd');
  const long = 'x'.repeat(255);
  await pipe.write({ name: long, data: '1' });
  const got = join(directory, 'got');
  mkdirSync(got);
  const { pid } = spawnSync('true');
  const began =
    readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? '0';
  const living = `.vopipe-${HOST}-${process.pid}-${began}.part`;
  for (const name of [`.vopipe-${HOST}-${pid}-1.part`, living, '.vopipe-elsewhere-1-1.part']) writeFileSync(join(got, name), 'half');
  expect(await run(['pipe', 'read', uri('d'), '-o', got])).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(got).toSorted()).toEqual([living, '.vopipe-elsewhere-1-1.part', long].toSorted());
});

test('what a copy has not brought as a whole becomes no chunk', async () => {
  await make('e', 'f');
  const folder = join(directory, 'begun');
  mkdirSync(join(folder, '.vopipe-0123456789ab.part'), { recursive: true });
  writeFileSync(join(folder, '.vopipe-0123456789ab.part', '0'), 'half');
  writeFileSync(join(folder, 'whole'), 'whole');
  expect(await run(['pipe', 'write', uri('e'), '-u', folder])).toMatchObject({ code: 0, out: '1 whole\n' });
});

test('what is in the way of a chunk or a state file is named, and no lock is left', async () => {
  const pipe = await make('g', 'h');
  await pipe.write({ name: 'x', data: '1' });
  const folder = join(directory, 'way');
  mkdirSync(join(folder, 'x'), { recursive: true });
  for (const [option, path] of [
    ['-o', folder],
    ['--state-file', join(folder, 'x')],
  ] as const)
    expect(await run(['pipe', 'read', uri('h'), option, path])).toMatchObject({
      code: 1,
      err: `vopipe: ${join(folder, 'x')}: is a folder\n`,
    });
  expect(readdirSync(folder)).toEqual(['x']);
});
