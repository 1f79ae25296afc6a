// `vopipe stage`: a program for each chunk, whose outputs and acknowledgements are one.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, piping, readAll, textOf } from './support/pipes.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { make, space, uri } = await piping(person);
let count = 0;

/** A pipe with these chunks, and one for what is made of them. */
async function chain(names: readonly string[], { closed = true } = {}) {
  const n = (count += 1);
  const input = await make(`a${n}`, `b${n}`);
  const output = await make(`c${n}`, `d${n}`);
  await input.writeAll(names.map((name) => ({ name, data: `bytes of ${name}` })));
  if (closed) await input.close();
  return { input, output, from: uri(`b${n}`), to: uri(`c${n}`) };
}

describe('a stage', () => {
  test('is a filter from standard input to standard output, and closes what is complete', async () => {
    const { output, from, to } = await chain(['night/one.txt', 'two.txt']);
    const { code, err } = await person.run(['stage', from, to, '--close', '--name', '{stem}.up', '--', 'tr', 'a-z', 'A-Z']);
    expect([code, err]).toEqual([0, expect.stringContaining('2 chunks done, the pipe is closed')]);
    const chunks = await readAll(output, 'closed');
    expect(chunks.map(({ name }) => name)).toEqual(['night/one.up', 'two.up']);
    expect(await Promise.all(chunks.map((chunk) => textOf(output, chunk)))).toEqual(['BYTES OF NIGHT/ONE.TXT', 'BYTES OF TWO.TXT']);
    expect(chunks[0]?.lineage?.[0]).toMatchObject({ seq: 1, name: 'night/one.txt' });
  });

  test('gives a program files, and takes a directory of files from it', async () => {
    const { output, from, to } = await chain(['one.txt']);
    const program = 'mkdir {out} && cp {} {out}/copy.txt && printf "$VOPIPE_CHUNK $VOPIPE_NAME $VOPIPE_ATTEMPT" > "{out}/über uns"';
    expect((await person.run(['stage', from, to, '--', 'sh', '-c', program])).code).toBe(0);
    const chunks = await readAll(output);
    expect(chunks.map(({ name }) => name).toSorted()).toEqual(['one.txt/%C3%BCber%20uns', 'one.txt/copy.txt']);
    const texts = await Promise.all(chunks.map((chunk) => textOf(output, chunk)));
    expect(texts.toSorted()).toEqual(['1 one.txt 1', 'bytes of one.txt']);
  });

  test('passes nothing on of what a program makes nothing of', async () => {
    const { output, from, to } = await chain(['keep', 'drop']);
    const program = 'case $VOPIPE_NAME in keep) cp {} {out};; esac';
    expect((await person.run(['stage', from, to, '--close', '--inline', '--', 'sh', '-c', program])).code).toBe(0);
    expect((await readAll(output, 'closed')).map(({ name, data }) => [name, data !== undefined])).toEqual([['keep', true]]);
  });

  test('keeps chunks apart from what is made of them, whatever they are called', async () => {
    const { output, from, to } = await chain(['out', 'in', '%2E%2E.txt']);
    const { code, err } = await person.run(['stage', from, to, '--close', '--', 'tr', 'a-z', 'A-Z']);
    expect([code, err]).toEqual([0, expect.stringContaining('3 chunks done')]);
    const chunks = await readAll(output, 'closed');
    expect(await Promise.all(chunks.map((chunk) => textOf(output, chunk)))).toEqual(['BYTES OF OUT', 'BYTES OF IN', 'BYTES OF %2E%2E.TXT']);
  });

  test('makes a node of an empty output, too', async () => {
    const { output, from, to } = await chain(['some']);
    expect((await person.run(['stage', from, to, '--close', '--', 'true'])).code).toBe(0);
    expect(await readAll(output, 'closed')).toMatchObject([{ name: 'some', size: 0, status: 'ready' }]);
    for (const container of [to, to.replace(/c(\d+)$/, 'd$1')])
      expect((await space.nodes.get(`${container}/some`)).node.type).toBe('DataNode');
  });

  test('passes on what links in its directory lead to, and fails where they lead nowhere', async () => {
    const { output, from, to } = await chain(['one', 'two']);
    const program = `mkdir -p {out}/a; cp {} {out}/a/copy; ln -s a {out}/b; ln -s a/copy {out}/c
      if [ $VOPIPE_NAME = two ]; then ln -s nowhere {out}/d; fi; if [ $VOPIPE_NAME = one ]; then ln -s . {out}/a/again; fi`;
    const { code, err } = await person.run([
      'stage',
      from,
      to,
      '--attempts',
      '1',
      '--close',
      '--name',
      '{file}',
      '--',
      'sh',
      '-c',
      program,
    ]);
    expect([code, err]).toEqual([7, expect.stringMatching(/failed 2 two: .*\bd\b.* leads nowhere \(dead\)/)]);
    expect((await readAll(output, 'closed')).map(({ name }) => name).toSorted()).toEqual(['a/copy', 'b/copy', 'c']);
  });

  test('leaves the first of two outputs of one name as it is, in the pipe and as a node', async () => {
    const { output, from, to } = await chain(['one', 'two', 'same']);
    const program = 'case $VOPIPE_NAME in one) echo first;; two) echo second;; *) echo first;; esac';
    const ran = await person.run(['stage', from, to, '--attempts', '1', '--close', '--name', 'all', '--', 'sh', '-c', program]);
    expect(ran).toMatchObject({ code: 7, err: expect.stringMatching(/failed 2 two: .*written under this name/) as string });
    const [chunk, ...others] = await readAll(output, 'closed');
    expect([others, chunk && (await textOf(output, chunk))]).toEqual([[], 'first\n']);
    expect(await new Response((await space.download(`${to}/all`)).body).text()).toBe('first\n');
  });

  test('replaces what stands under the name of its output, and is not in the pipe', async () => {
    const { output, from, to } = await chain(['one', 'large']);
    await space.upload(`${to}/one`, 'left by one that was killed');
    await space.upload(`${to}/large`, 'that, too');
    const program = 'cat; if [ $VOPIPE_NAME = large ]; then head -c 300000 /dev/zero; fi';
    expect((await person.run(['stage', from, to, '--close', '--', 'sh', '-c', program])).code).toBe(0);
    expect((await readAll(output, 'closed')).map(({ size }) => size)).toEqual([12, 300_014]);
  });

  test('tries again what fails, and goes on without what fails always: dead, with what the program said', async () => {
    const { input, output, from, to } = await chain(['good', 'bad', 'shy']);
    const program = 'case $VOPIPE_NAME-$VOPIPE_ATTEMPT in bad-*) echo no such star >&2; exit 3;; shy-1) exit 1;; esac; cat';
    const { code, err } = await person.run(['stage', from, to, '-g', 'try', '--attempts', '2', '--close', '--', 'sh', '-c', program]);
    expect([code, err]).toEqual([7, expect.stringMatching(/failed 2 bad: exit 3: no such star \(dead\)[^]*2 chunks done, 1 dead/)]);
    expect((await readAll(output, 'closed')).map(({ name }) => name)).toEqual(['good', 'shy']);
    const dead = [];
    for await (const one of input.group('try').dead()) dead.push(one);
    expect(dead).toMatchObject([{ seq: 2, name: 'bad', deliveries: 2, reason: 'exit 3: no such star' }]);
    const later = await person.run(['stage', from, to, '-g', 'try', '--', 'sh', '-c', program]);
    expect(later).toMatchObject({ code: 7, err: expect.stringContaining('0 chunks done, 1 dead from before') as string });
  });

  test('shares its chunks with those that have its output, and with no others', async () => {
    const { from, to } = await chain(['one', 'two'], { closed: false });
    await make(`other${count}`, `others${count}`);
    const script = (name: string): string => (writeFileSync(join(person.directory, name), 'cat'), name);
    const first = ['stage', from, to, '--until', 'tail', '--', 'sh', script('first.sh')];
    expect(await person.run(first)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^group first-\w+: 2 chunks to do\n[^]*2 chunks done/) as string,
    });
    expect(await person.run(first)).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /0 chunks to do, 2 done before\n0 chunks done, everything was done already by this group, nothing more to do/,
      ) as string,
    });
    const second = ['stage', from, uri(`other${count}`), '--until', 'tail', '--', 'sh', script('second.sh')];
    expect(await person.run(second)).toMatchObject({ code: 0, err: expect.stringContaining('2 chunks done') as string });
  });

  test('ends a program that takes too long, with all that it has started', async () => {
    const { from } = await chain(['slow']);
    const program = 'sleep 20 & sleep 20';
    const { code, err } = await person.run(['stage', from, '--timeout', '1', '--attempts', '1', '--', 'sh', '-c', program]);
    expect([code, err]).toEqual([7, expect.stringContaining('took longer than 1 s (dead)')]);
  });

  test('works on several chunks at a time, and tells of each as JSON', async () => {
    const { output, from, to } = await chain(['a', 'b', 'c', 'd']);
    const all = join(mkdtempSync(join(person.directory, 'all-')), '');
    const program = `touch ${all}/$VOPIPE_NAME; until [ -e ${all}/a -a -e ${all}/b -a -e ${all}/c -a -e ${all}/d ]; do sleep 0.1; done; cat`;
    const ran = await person.run(['stage', from, to, '-p', '4', '--json', '--close', '--', 'sh', '-c', program]);
    expect(ran.code).toBe(0);
    const events = ran.lines<{ readonly kind: string; readonly name?: string }>();
    expect(
      events
        .filter(({ kind }) => kind === 'done')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['a', 'b', 'c', 'd']);
    expect(events[0]).toEqual({ kind: 'group', group: expect.stringMatching(/^sh-/) as string, acked: 0, todo: 4, dead: 0 });
    expect(events.slice(-2)).toEqual([
      { kind: 'closed' },
      { kind: 'end', done: 4, failed: 0, dead: 0, lost: 0, holes: 0, before: { acked: 0, dead: 0 }, ended: 'closed' },
    ]);
    expect(await readAll(output, 'closed')).toHaveLength(4);
  });

  test('says what did not arrive, and names its outputs and their types by their names', async () => {
    const { input, output, from, to } = await chain([], { closed: false });
    const src = from.replace(/b(\d+)$/, 'a$1');
    await space.upload(`${src}/taken.vot`, 'mine');
    await space.upload(`${from}/taken.vot`, 'others');
    await input.writeAll(['taken.vot', { name: 'good.vot', data: 'good' }], { final: true });
    const ran = await person.run(['stage', from, to, '--close', '--name', '{stem}.csv', '--', 'cat']);
    expect(ran).toMatchObject({ code: 7, err: expect.stringMatching(/dead in the pipe 1 taken\.vot: .*NameConflict/) as string });
    expect(await readAll(output, 'closed')).toMatchObject([{ name: 'good.csv', type: 'text/csv' }]);
  });

  test('ends at the tail of a pipe that stays open', async () => {
    const { input, from } = await chain(['one', 'two'], { closed: false });
    const { code, err } = await person.run(['stage', from, '-g', 'tail', '--until', 'tail', '--', 'cat']);
    expect([code, err]).toEqual([0, expect.stringContaining('2 chunks done, nothing more to do')]);
    expect((await input.group('tail').describe()).acked).toBe(2);
  });

  test('gives back what it has at Ctrl-C, which counts for nothing, and leaves no files', async () => {
    const { input, from } = await chain(['one']);
    const work = mkdtempSync(join(person.directory, 'work-'));
    const running = person.begin(['stage', from, '-g', 'stop', '--grace', '0', '--work', work, '--', 'sleep', '60']);
    await eventually(
      async () =>
        (
          await input
            .group('stop')
            .describe()
            .catch(() => undefined)
        )?.claimed === 1,
    );
    running.process.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, err: expect.stringContaining('given back 1 one') as string });
    const [claim] = await input.group('stop').claim({ timeout: 5 });
    expect(claim?.chunk.deliveries).toBe(1);
    expect(readdirSync(work)).toEqual([]);
  });

  test.each([
    [['stage', 'vos:/x'], 'program is missing'],
    [['stage', 'vos:/x', 'vos:/y', 'vos:/z', '--', 'cat'], 'IN, and perhaps OUT'],
    [['stage', 'vos:/x', 'vos:/y', '--name', '{stm}', '--', 'cat'], '{stm} in a name stands for nothing'],
    [['stage', 'vos:/x', '--close', '--', 'cat'], '--close'],
    [['stage', 'vos:/x', '--', 'cp', '{}', '{out}'], '{out}, --close'],
    [['stage', 'vos:/x', '-p', '0', '--', 'cat'], '--parallel "0"'],
  ])('that is not understood says so: %j', async (args, words) => {
    expect(await person.run(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) as string });
  });

  test('ends at once where there is no such pipe, group or program, and gives the chunk back', async () => {
    const { input, from } = await chain(['one']);
    expect(await person.run(['stage', uri('nowhere'), '--', 'cat'])).toMatchObject({ code: 3 });
    const ran = await person.run(['stage', from, '-g', 'no', '--', './no-such-program']);
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('the program "./no-such-program" is not there') as string });
    expect((await input.group('no').describe()).waiting).toBe(1);
    writeFileSync(join(person.directory, 'plain'), 'text');
    expect((await person.run(['stage', from, '-g', 'no', '--', './plain'])).err).toContain('may not be run');
  });
});
