// `vopipe pipe …`: pipes made, filled, read and removed from the command line.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipes, type PipeDocument } from '../../src/client/pipes.ts';
import { eventually, piping, readAll, textOf } from './support/pipes.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { space, make, uri } = await piping(person);
const { run, directory } = person;

function file(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('vopipe pipe', () => {
  test('makes a pipe with its options and groups, lists it, shows it, and removes it', async () => {
    const options = ['--order', 'ready', '--retain', '2h', '--max-chunks', '50', '--max-bytes', '1GiB', '--no-follow', '-g', 'readers'];
    const made = await run(['pipe', 'create', `${person.home}/a out`, `${person.home}/b in`, ...options]);
    expect([made.code, made.err]).toEqual([0, '']);
    const id = made.out.trim();
    const found = await pipes(space).describe(id);
    expect(found).toMatchObject({
      src: uri('a%20out'),
      dest: uri('b%20in'),
      options: { order: 'ready', retain: { kind: 'age', seconds: 7200 }, maxChunks: 50, maxBytes: 2 ** 30, follow: false },
      groups: [{ group: 'readers' }],
    });
    expect((await run(['pipe', 'ls', `${person.home}/b in`])).out).toContain(`${id}  open  ${uri('a%20out')} → ${uri('b%20in')}`);
    const listed = (await run(['pipe', 'ls', '--json', '-l'])).lines<PipeDocument>();
    expect(listed.find(({ pipe }) => pipe === id)).toMatchObject({ counts: { written: 0 } });
    const { out } = await run(['pipe', 'show', `${person.home}/a out`]);
    expect(out).toMatch(/condition +open\n[^]*maxChunks 50[^]*group +readers: 0 done, nothing to do/);
    expect(await run(['pipe', 'destroy', id])).toMatchObject({ code: 0, out: '' });
    expect((await run(['pipe', 'show', id])).code).toBe(3);
  });

  test('a file that is gone when its turn comes does not end the writing of others', async () => {
    await make('mortal', 'heaven');
    const [one, two] = [file('one', '1'), file('two', '2')];
    const args = ['pipe', 'write', uri('mortal'), '--final'];
    for (const [option, was] of [
      ['-u', ''],
      ['--inline', ' (was there)'],
    ] as const)
      expect(await run([...args, option, one, join(directory, 'gone'), '-'], `${two}\n`)).toMatchObject({
        code: 7,
        out: `1 one${was}\n2 two${was}\n`,
        err: expect.stringMatching(/gone: there is no such file[^]*not closed/) as string,
      });
  });

  test('a file that no chunk can be called after fails alone, and the pipe stays open', async () => {
    await make('odd', 'even');
    file('odd/a\\b', 'x');
    file('odd/good', 'y');
    const args = ['pipe', 'write', uri('odd'), '-u', join(directory, 'odd'), '--final'];
    for (const was of ['', ' (was there)'])
      expect(await run(args)).toMatchObject({
        code: 7,
        out: `1 good${was}\n`,
        err: expect.stringMatching(/odd\/a\\b: .*\n.*not closed/) as string,
      });
  });

  test('writes nodes, files of this computer and what travels along, each once, and closes', async () => {
    const pipe = await make('w', 'v');
    await space.upload([person.user, 'w', 'there.csv'], 'ra,dec\n');
    expect((await run(['pipe', 'write', uri('w'), 'there.csv'])).out).toBe('1 there.csv\n');
    expect((await run(['pipe', 'write', uri('w'), 'there.csv', '--json'])).lines()).toEqual([
      { seq: 1, name: 'there.csv', duplicate: true },
    ]);
    expect(await run(['pipe', 'write', '-q', uri('w'), 'there.csv'])).toMatchObject({ code: 0, out: '', err: '' });
    file('many/one.txt', 'one');
    file('many/über uns/two.txt', 'two');
    symlinkSync(file('elsewhere/three.txt', 'three'), join(directory, 'many/zz'));
    const small = file('small.txt', 'small');
    expect((await run(['pipe', 'write', pipe.id, '-u', join(directory, 'many')])).out).toBe('2 one.txt\n3 zz\n4 %C3%BCber%20uns/two.txt\n');
    file('many/one.txt', 'other');
    expect(await run(['pipe', 'write', pipe.id, '-u', join(directory, 'many')])).toMatchObject({ code: 5, out: '' });
    expect((await run(['cat', uri('w/one.txt')])).out).toBe('one');
    const ended = await run(['pipe', 'write', uri('w'), '--inline', '--prefix', 'in', '-', '--final', '--total', '5'], `${small}\n`);
    expect([ended.code, ended.out]).toEqual([0, '5 in/small.txt\n']);
    const chunks = await readAll(pipe, 'closed');
    expect(await Promise.all(chunks.map((chunk) => textOf(pipe, chunk)))).toEqual(['ra,dec\n', 'one', 'three', 'two', 'small']);
    expect(await run(['pipe', 'write', uri('w'), '--inline', file('late', '')])).toMatchObject({ code: 5, out: '' });
  });

  test('writes the names on standard input as they come', async () => {
    const pipe = await make('x', 'y');
    const running = person.begin(['pipe', 'write', pipe.id, '--inline', '-']);
    running.process.stdin?.write(`${file('first', '1')}\n`);
    await eventually(() => running.out() === '1 first\n');
    running.process.stdin?.end(`${file('second', '2')}\n`);
    expect(await running.ended).toMatchObject({ code: 0, out: '1 first\n2 second\n' });
  });

  test('reads on where it was, and downloads', async () => {
    const pipe = await make('r', 's');
    await pipe.writeAll([
      { name: 'a%20b.txt', data: 'space' },
      { name: 'night/1.txt', data: 'one' },
    ]);
    const args = ['pipe', 'read', uri('s'), '-o', join(directory, 'got'), '--state-file', join(directory, 'state')];
    expect((await run(args)).out).toBe('1 a b.txt 5 B\n2 night/1.txt 3 B\n');
    expect(readFileSync(join(directory, 'got/a b.txt'), 'utf8')).toBe('space');
    expect(readFileSync(join(directory, 'got/night/1.txt'), 'utf8')).toBe('one');
    expect((await run(args)).out).toBe('');
    const running = person.begin([...args, '--until', 'closed', '--json']);
    await pipe.write({ name: 'late', data: 'late' }, { final: true });
    const { code, lines } = await running.ended;
    expect([code, lines()]).toMatchObject([0, [{ seq: 3, name: 'late', status: 'ready' }]]);
    expect(lines()[0]).not.toHaveProperty('url');
    expect(readdirSync(join(directory, 'got')).toSorted()).toEqual(['a b.txt', 'late', 'night']);
    expect((await run(['pipe', 'read', uri('s'), '-n', '1'])).out).toBe('1 a b.txt 5 B\n');
  });

  test('runs a program for each chunk that is read, and goes no further than where it failed', async () => {
    const pipe = await make('p', 'q');
    await pipe.writeAll(['good', 'bad', 'never'].map((name) => ({ name, data: name })));
    const state = join(directory, 'p.state');
    const program = ['--', 'sh', '-c', `[ $VOPIPE_NAME != bad ] && cat {} >> ${join(directory, 'seen')}`];
    const ran = await run(['pipe', 'read', uri('q'), '--state-file', state, ...program]);
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/1 good 4 B\n[^]*chunk 2 \(bad\): exit 1/) as string });
    const again = ['--', 'sh', '-c', `cat >> ${join(directory, 'seen')}`];
    expect((await run(['pipe', 'read', uri('q'), '--state-file', state, ...again])).err).toBe('2 bad 3 B\n3 never 5 B\n');
    expect(readFileSync(join(directory, 'seen'), 'utf8')).toBe('goodbadnever');
  });

  test('writes what such a program writes, and keeps what it says on standard error apart', async () => {
    const pipe = await make('po', 'pq');
    await pipe.writeAll(['out', 'x'].map((name) => ({ name, data: `${name}\n` })));
    const program = ['--', 'sh', '-c', String.raw`cat; printf 'seen \033[31m\n' >&2`];
    const quiet = await run(['pipe', 'read', '-q', uri('pq'), ...program]);
    expect(quiet).toMatchObject({ code: 0, out: 'out\nx\n', err: String.raw`seen \u{1b}[31m`.concat('\n').repeat(2) });
    const json = await run(['pipe', 'read', '--json', uri('pq'), ...program]);
    expect(json.lines<{ readonly name: string }>().map(({ name }) => name)).toEqual(['out', 'x']);
    expect(json.err).toContain('out\n');
  });

  test('shows chunks as they arrive, the last ones first', async () => {
    const pipe = await make('t', 'u');
    await pipe.writeAll(['1', '2', '3'].map((name) => ({ name, data: name })));
    const running = person.begin(['pipe', 'tail', uri('u'), '-n', '2']);
    await eventually(() => running.out().split('\n').length === 3);
    await pipe.write({ name: 'live', data: 'live' });
    await eventually(() => running.out().includes('live'));
    await pipe.close();
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out.replaceAll(/\d\d:\d\d:\d\d /g, '')).toBe('2 2 1 B\n3 3 1 B\n4 live 4 B\n');
  });

  test('shows no more where nobody reads what it shows', async () => {
    const pipe = await make('tn', 'tm');
    await pipe.write({ name: 'one', data: 'x' });
    const running = person.begin(['pipe', 'tail', uri('tm')]);
    await eventually(() => running.out().includes('one'));
    running.process.stdout?.destroy();
    await pipe.write({ name: 'two', data: 'x' });
    expect(await running.ended).toMatchObject({ code: 0, err: '' });
  });

  test('closes a pipe only with the number of chunks that it has', async () => {
    const pipe = await make('c1', 'c2');
    await pipe.write({ name: 'a', data: '' });
    expect(await run(['pipe', 'close', uri('c1'), '--total', '2'])).toMatchObject({ code: 5 });
    expect((await run(['pipe', 'close', uri('c1'), '--total', '1', '--json'])).lines()).toMatchObject([{ condition: 'closed' }]);
  });

  test('lists what is dead, for the pipe and for a group, and has it tried again or let go', async () => {
    const pipe = await make('d1', 'd2');
    await space.upload([person.user, 'd1', 'taken'], 'mine');
    await space.upload([person.user, 'd2', 'taken'], 'others');
    await pipe.writeAll(['taken']);
    await eventually(async () => (await run(['pipe', 'dead', uri('d2')])).out.includes('NameConflict'));
    await space.nodes.delete([person.user, 'd2', 'taken']);
    expect((await run(['pipe', 'dead', uri('d2'), '--retry', 'all'])).code).toBe(0);
    await eventually(async () => (await readAll(pipe)).some(({ status }) => status === 'ready'));
    expect((await run(['pipe', 'dead', uri('d2')])).out).toBe('');

    const group = pipe.group('few');
    await group.create({ maxDeliveries: 1 });
    for (const claim of await group.claim({ max: 10 }))
      await (claim.chunk.status === 'dead' ? claim.ack() : claim.nack(0, { reason: 'exit 9' }));
    const dead = await run(['pipe', 'dead', uri('d2'), '-g', 'few']);
    expect(dead.out).toMatch(/^1 .* taken +1 tries +exit 9\n$/);
    expect((await run(['pipe', 'dead', uri('d2'), '-g', 'few', '--skip', '1'])).code).toBe(0);
    expect((await run(['pipe', 'dead', uri('d2'), '-g', 'few', '--json'])).out).toBe('');
  });

  test('makes, changes, lists and deletes groups of readers', async () => {
    const pipe = await make('g1', 'g2');
    await pipe.write({ name: 'a', data: '' });
    expect((await run(['pipe', 'group', uri('g2'), 'late', '--start', 'now', '--mode', 'single'])).code).toBe(0);
    expect((await run(['pipe', 'group', uri('g2'), 'late', '--lease', '5', '--attempts', '2', '--json'])).lines()).toMatchObject([
      { group: 'late', mode: 'single', lease: 5, maxDeliveries: 2 },
    ]);
    expect((await run(['pipe', 'group', uri('g2')])).out).toBe('late  single  0 done  0 chunks to do  0 dead\n');
    expect(await run(['pipe', 'group', uri('g2'), 'late', '--start', 'earliest'])).toMatchObject({ code: 5 });
    expect((await run(['pipe', 'group', uri('g2'), 'late', '--delete'])).code).toBe(0);
    expect((await run(['pipe', 'group', uri('g2'), 'late', '--delete'])).code).toBe(3);
  });

  test('removes a pipe that is not drained only by force, and names what stays', async () => {
    const pipe = await make('f1', 'f2');
    await pipe.group('g').create();
    await space.upload([person.user, 'f1', 'a'], 'a');
    await pipe.write('a');
    expect(await run(['pipe', 'destroy', pipe.id])).toMatchObject({ code: 5, err: expect.stringContaining('PipeNotDrained') as string });
    const { code, err } = await run(['pipe', 'destroy', pipe.id, '--force']);
    expect([code, err]).toEqual([0, expect.stringContaining(`${uri('f1')} stays`)]);
  });

  test('says which pipes there are where a container has several, and that there is none', async () => {
    const [one, other] = [await make('m1', 'm'), await make('m2', 'm')];
    const { code, err } = await run(['pipe', 'read', uri('m')]);
    expect(code).toBe(2);
    expect((await run(['pipe', 'group', one.id, 'bad name!'])).code).toBe(2);
    for (const { id } of [one, other]) expect(err).toContain(id);
    expect((await run(['pipe', 'read', one.id])).code).toBe(0);
    expect((await run(['pipe', 'write', `vos://${uri('').split('/')[2]}#${one.id}`, '--inline', file('z', 'z')])).code).toBe(0);
    expect(await run(['pipe', 'read', uri('m1')])).toMatchObject({ code: 3, err: expect.stringContaining('no pipe') as string });
  });

  test.each([
    [['pipe'], 'one of these is missing: create, ls'],
    [['pipe', 'create', 'vos:/a', 'vos:/b', '--retain', 'ever'], '--retain "ever" is not a time such as 7d'],
    [['pipe', 'create', 'vos:/a', 'vos:/b', '--max-bytes', '3 lightyears'], '--max-bytes'],
    [['pipe', 'write', 'vos:/a'], 'no names are given'],
    [['pipe', 'dead', 'vos:/a', '--retry', 'some'], '"some" is neither the number of a chunk nor "all"'],
    [['pipe', 'read', './here'], 'neither the id or URL of a pipe nor a container'],
  ])('that is not understood says so: %j', async (args, words) => {
    expect(await run(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) as string });
  });
});
