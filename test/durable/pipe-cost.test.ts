// What is asked of one chunk costs the same wherever it stands in the log, and what is remembered has an end.
import { expect, it } from 'vitest';
import { MAX_ANSWERS, MAX_NAMES } from '../../src/model/limits.ts';
import { parsePipeGroup } from '../../src/model/chunk-name.ts';
import type { PipeId } from '../../src/model/pipe.ts';
import { costOf } from './support/cost.ts';
import { foreignChunk, inlineChunk, pinnedChunk, TestPipe } from './support/pipe.ts';
import { testClock } from './support/ports.ts';
import { OWNER } from './support/space.ts';

const append = (pipe: TestPipe, ...names: string[]) =>
  pipe.port.append({ principal: OWNER, chunks: names.map((name) => inlineChunk(name)) });

it('the bytes of a chunk that came long after its neighbours are found at once', async () => {
  const pipe = await TestPipe.open({ order: 'ready' });
  await pipe.port.append({ principal: OWNER, chunks: [foreignChunk('late')] });
  for (let i = 0; i < 4; i++) await append(pipe, ...Array.from({ length: 500 }, (_, n) => `${i}.${n}`));
  const [attempt] = pipe.given();
  if (!attempt) throw new Error('a chunk is on its way');
  expect(await pipe.port.begin(attempt.id, attempt.attempt)).toMatchObject({ kind: 'carry' });
  await pipe.port.report(attempt.id, attempt.attempt, { kind: 'delivered', deliveries: [{ kind: 'ready', seq: 1 }] });
  expect((await pipe.read()).chunks).toHaveLength(1000);
  await expect(pipe.port.chunk(OWNER, 2)).resolves.toMatchObject({ name: '0.0' });
  // Its entry has no bytes here, because the attempt has said nothing of any.
  const { read } = await costOf(pipe.stub, (inside) => inside.chunk(OWNER, 1).catch(() => undefined));
  expect(read).toBeLessThan(5);
});

it('to list and to count what is dead costs what there is of it', async () => {
  const pipe = await TestPipe.open({ order: 'ready' });
  for (let i = 0; i < 4; i++) await append(pipe, ...Array.from({ length: 500 }, (_, n) => `${i}.${n}`));
  await pipe.port.append({ principal: OWNER, chunks: [pinnedChunk('bad')], pinnedAt: testClock.now });
  await pipe.place(() => true);
  const { read } = await costOf(pipe.stub, async (inside) => {
    expect((await inside.deadChunks(OWNER, 0, 100)).items).toMatchObject([{ seq: 2001, name: 'bad', pos: 2001 }]);
  });
  expect(read).toBeLessThan(20);
  const described = await costOf(pipe.stub, async (inside) => {
    expect((await inside.describe(OWNER)).counts).toMatchObject({ dead: 1, missing: 1 });
  });
  expect(described.read).toBeLessThan(40);
});

it('answers under keys are forgotten when there are too many of them, and a repeat is known by its names then', async () => {
  const pipe = await TestPipe.open();
  const write = (name: string) => pipe.port.append({ principal: OWNER, chunks: [inlineChunk(name)], key: { text: name, digest: name } });
  for (const name of ['a', 'b', 'c']) await write(name);
  expect((await write('a')).chunks).toEqual([{ name: 'a', seq: 1, duplicate: false }]);
  // As if there were as many characters between the first two as are kept.
  await pipe.rows("UPDATE answered SET sum = sum + ? WHERE key NOT LIKE '% a'", MAX_ANSWERS);
  const { read, written } = await costOf(pipe.stub, (inside) =>
    inside.append({ principal: OWNER, chunks: [inlineChunk('d')], key: { text: 'd', digest: 'd' } }),
  );
  expect([read < 40, written < 20]).toEqual([true, true]);
  expect((await pipe.rows<{ key: string }>('SELECT key FROM answered')).map(({ key }) => key.slice(-1))).toEqual(['b', 'c', 'd']);
  expect((await write('a')).chunks).toEqual([{ name: 'a', seq: 1, duplicate: true }]);
  expect((await write('b')).chunks).toEqual([{ name: 'b', seq: 2, duplicate: false }]);
});

it('outputs are forgotten as names are: when a million others have been written', async () => {
  const pipe = await TestPipe.open({ retain: { kind: 'bytes', bytes: 1 } });
  const produce = (seq: number, name: string) =>
    pipe.port.append({
      principal: OWNER,
      chunks: [inlineChunk(name)],
      consumed: { pipe: 'from' as PipeId, group: parsePipeGroup('g'), seq, fence: '1.1.x', output: 'o', ack: false, isHeld: true },
    });
  await produce(1, 'old');
  await pipe.rows('UPDATE pipe SET seqs = seqs + ?', MAX_NAMES);
  await pipe.evict();
  await produce(2, 'young');
  for (let i = 0; i < 5; i++) {
    testClock.now += 2000;
    await pipe.ring();
  }
  expect(await pipe.rows('SELECT seq FROM output')).toEqual([{ seq: 2 }]);
  // Of a name that is remembered the seq is told.
  expect((await produce(2, 'young')).chunks).toMatchObject([{ seq: MAX_NAMES + 2, duplicate: true }]);
});
