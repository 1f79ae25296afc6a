// The client's pipes with the running service.
import { expect, test } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { VospaceError } from '../../src/client/error.ts';
import { pipes, type Pipe, type ReadOptions } from '../../src/client/pipes.ts';
import { newUser, ours, service, unique } from './world.ts';

const user = await newUser('client-pipes');
/** How many requests fail before they are sent, and after they have been answered. */
const trouble = { before: 0, after: 0 };
const space = connect(service.base, {
  credentials: user.credentials ?? { token: 'none' },
  retry: { base: 1, most: 5 },
  fetch: async (...request) => {
    if (trouble.before > 0 && trouble.before--) throw new TypeError('broken');
    const answer = await fetch(...request);
    if (trouble.after === 0 || trouble.after-- === 0) return answer;
    await answer.body?.cancel();
    throw new TypeError('broken');
  },
});
const all = pipes(space);

async function newPipe(more: object = {}): Promise<{ readonly pipe: Pipe; readonly src: string; readonly dest: string }> {
  const [src, dest] = [`${user.home}/${unique('src')}`, `${user.home}/${unique('dest')}`];
  for (const path of [src, dest]) await space.nodes.create(path, { type: 'ContainerNode' });
  return { src, dest, pipe: await all.create({ src, dest, ...more }) };
}

async function collect(pipe: Pipe, options: ReadOptions = {}): Promise<readonly (readonly [name: string, state: string])[]> {
  const found: (readonly [string, string])[] = [];
  for await (const { name, state } of pipe.read({ until: 'tail', ...options })) found.push([name, state]);
  return found;
}

async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof VospaceError ? error.fault : String(error)),
  );
}

const inline = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `c${i}`, data: `bytes ${i}` }));

ours('a pipe of the client', () => {
  test('is written and read to its end, with the bytes of each chunk', async () => {
    const { pipe, src } = await newPipe();
    await space.upload(`${src}/a.csv`, 'ra,dec\n', { type: 'text/csv' });
    const first = await pipe.write('a.csv');
    expect([first.seq, first.duplicate]).toEqual([1, false]);
    expect(await pipe.write({ name: 'b', data: 'inline ü' }, { final: true, total: 2 })).toMatchObject({ seq: 2 });
    const texts: string[] = [];
    for await (const chunk of pipe.read({ timeout: 1 })) texts.push(new TextDecoder().decode(await pipe.bytes(chunk)));
    expect(texts).toEqual(['ra,dec\n', 'inline ü']);
    expect(await pipe.describe()).toMatchObject({ condition: 'closed', counts: { written: 2 } });
    expect(await refused(pipe.write('late'))).not.toBe('none');
  });

  test('takes any number of chunks, in lists, from anything that can be iterated', async () => {
    const { pipe } = await newPipe();
    const written = await pipe.writeAll(
      (async function* () {
        yield* inline(1203);
      })(),
    );
    expect([written.length, written[0]?.seq, written.at(-1)?.seq]).toEqual([1203, 1, 1203]);
    expect(await collect(pipe, { max: 100 })).toHaveLength(1203);
  });

  test('takes lists in parts where it holds less than a whole one at all', async () => {
    const { pipe } = await newPipe({ options: { maxChunks: 20 } });
    const written = await pipe.writeAll(inline(63), { final: true, total: 63 });
    expect(written.map(({ seq }) => seq)).toEqual(Array.from({ length: 63 }, (_, i) => i + 1));
    expect(await collect(pipe)).toHaveLength(63);
    expect((await pipe.describe()).condition).toBe('closed');
  });

  test('is closed by an empty list that is final, and sends what is made of one chunk in one list or not at all', async () => {
    const { pipe } = await newPipe();
    const consumed = { pipe: pipe.id, group: 'g', seq: 1, fence: 'f', output: 'o' };
    expect(await refused(pipe.writeAll(inline(501), { consumed }))).toBe('RequestEntityTooLarge');
    expect(await collect(pipe)).toEqual([]);
    expect(await pipe.writeAll([], { final: true, total: 0 })).toEqual([]);
    expect((await pipe.describe()).condition).toBe('closed');
  });

  test('goes on behind any chunk by the state that comes with it', async () => {
    const { pipe } = await newPipe();
    await pipe.writeAll(inline(7));
    const states = (await collect(pipe)).map(([, state]) => state);
    expect(new Set(states).size).toBe(7);
    for (const [i, state] of states.entries())
      expect((await collect(pipe, { state })).map(([name]) => name)).toEqual(
        inline(7)
          .slice(i + 1)
          .map(({ name }) => name),
      );
    expect(await refused(collect(pipe, { state: 'nonsense' }))).toBe('InvalidState');
  });

  test('tells its last chunks, and where to read on', async () => {
    const { pipe } = await newPipe();
    expect((await pipe.latest(3)).chunks).toEqual([]);
    await pipe.writeAll(inline(7));
    const { chunks, state, upToDate } = await pipe.latest(3);
    expect([chunks.map(({ seq }) => seq), upToDate]).toEqual([[5, 6, 7], true]);
    expect((await pipe.latest(100)).chunks).toHaveLength(7);
    await pipe.write({ name: 'more', data: '' });
    expect((await collect(pipe, { state })).map(([name]) => name)).toEqual(['more']);
  });

  test('reads on through broken connections, without a chunk lost or repeated', async () => {
    const { pipe } = await newPipe();
    await pipe.writeAll(inline(40), { final: true });
    const names: string[] = [];
    for await (const { name } of pipe.read({ max: 3, timeout: 1 })) {
      names.push(name);
      if (names.length % 5 === 0) trouble.before = 7;
      if (names.length % 7 === 0) trouble.after = 3;
    }
    trouble.before = 0;
    expect(names).toEqual(inline(40).map(({ name }) => name));
  });

  test('writes once, whatever answers are lost', async () => {
    const { pipe } = await newPipe();
    trouble.after = 2;
    expect(await pipe.write({ name: 'a', data: 'x' })).toMatchObject({ seq: 1, duplicate: false });
    trouble.after = 1;
    expect((await pipe.writeAll(inline(3))).map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [2, false],
      [3, false],
      [4, false],
    ]);
  });

  test('gives bytes up that are not those of the chunk, and gets a fresh URL for one that has ended', async () => {
    const { pipe, src } = await newPipe();
    await space.upload(`${src}/a`, 'right');
    await pipe.write('a');
    await expect.poll(async () => (await collect(pipe)).length, { timeout: 15_000 }).toBe(1);
    for await (const chunk of pipe.read({ until: 'tail' })) {
      expect(await refused(pipe.bytes({ ...chunk, md5: 'd41d8cd98f00b204e9800998ecf8427e' }))).toBe('Corrupted');
      const ended = { ...chunk, url: (chunk.url ?? '').replace(/temp_url_expires=\d+/, 'temp_url_expires=1') };
      expect(new TextDecoder().decode(await pipe.bytes(ended))).toBe('right');
      expect(new TextDecoder().decode(await pipe.bytes({ ...chunk, expires: '2001-01-01T00:00:00.000Z' }))).toBe('right');
    }
    expect(await refused(pipe.bytes({ ...inlineNotice, status: 'dead', reason: 'NameConflict' }))).toBe('ChunkNotFound');
  });

  test('is read as a stream, which goes on after every break', async () => {
    const { pipe } = await newPipe();
    const names: string[] = [];
    const reading = (async () => {
      for await (const { name } of pipe.read({ stream: true })) {
        names.push(name);
        if (names.length === 3) trouble.after = 0;
      }
    })();
    trouble.before = 2;
    for (const chunk of inline(10)) await pipe.write(chunk);
    await pipe.close({ total: 10 });
    await reading;
    trouble.before = 0;
    expect(names).toEqual(inline(10).map(({ name }) => name));
    await pipe.destroy({ force: true });
    expect(await refused(collect(pipe, { until: 'closed', stream: true }))).toBe('PipeNotFound');
  });

  test('is found by its container, changed and destroyed', async () => {
    const { pipe, src, dest } = await newPipe({ options: { maxChunks: 5 } });
    const found: string[] = [];
    for await (const one of all.list({ src })) found.push(one.pipe);
    expect(found).toEqual([pipe.id]);
    expect((await pipe.change({ options: { maxChunks: 7 } })).options?.maxChunks).toBe(7);
    await space.upload(`${src}/a`, 'new');
    await space.upload(`${dest}/a`, 'taken');
    await pipe.write('a');
    const dead: number[] = [];
    await expect
      .poll(
        async () => {
          for await (const { seq } of pipe.dead()) dead.push(seq);
          return dead.length;
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await space.nodes.delete(`${dest}/a`);
    await pipe.retry(1);
    await expect.poll(async () => (await collect(pipe)).length, { timeout: 20_000 }).toBe(2);
    expect((await pipe.destroy({ force: true })).map(({ uri }) => uri.split('/').at(-1))).toEqual(
      expect.arrayContaining([src.split('/').at(-1)]),
    );
    expect(await refused(pipe.describe())).toBe('PipeNotFound');
  });

  test('stops when its reader says so', async () => {
    const { pipe } = await newPipe();
    const stop = new AbortController();
    const reading = collect(pipe, { until: 'closed', signal: stop.signal });
    stop.abort(new Error('enough'));
    expect(await refused(reading)).toBe('Error: enough');
  });
});

const inlineNotice = { seq: 1, pos: 1, name: 'a' as never, size: 1, status: 'ready', written: '2026-11-23T00:00:00.000Z' } as const;

ours('a group of the client', () => {
  test('shares the chunks of a closed pipe, each acknowledged once', async () => {
    const { pipe } = await newPipe();
    await pipe.writeAll(inline(30), { final: true });
    const group = pipe.group('workers');
    expect(await group.create({ lease: 5 })).toMatchObject({ group: 'workers', mode: 'shared', lease: 5 });
    const done: string[] = [];
    const work = async (): Promise<void> => {
      for await (const claim of group.claims({ max: 4, timeout: 1 })) {
        done.push(claim.chunk.name);
        await claim.ack();
      }
    };
    await Promise.all([work(), work(), work()]);
    expect(done.toSorted()).toEqual(
      inline(30)
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(await group.describe()).toMatchObject({ acked: 30, claimed: 0, lag: { chunks: 0 } });
    await group.delete();
    expect(await refused(group.describe())).toBe('GroupNotFound');
  });

  test('tells what it has given up, and has it given out again or forgets it', async () => {
    const { pipe } = await newPipe();
    const group = pipe.group('g');
    await group.create({ maxDeliveries: 1 });
    await pipe.writeAll(inline(2));
    for (const claim of await group.claim({ max: 2, timeout: 0 })) await claim.nack();
    const dead = async (): Promise<readonly number[]> => (await Array.fromAsync(group.dead())).map(({ seq }) => seq);
    expect(await dead()).toEqual([1, 2]);
    await group.retry(1);
    await group.drop(2);
    expect(await dead()).toEqual([]);
    expect((await group.claim({ max: 2, timeout: 0 })).map(({ chunk }) => chunk.seq)).toEqual([1]);
  });

  test('extends what is worked on, gives back what was not done, and notices what was lost', async () => {
    const { pipe } = await newPipe();
    await pipe.writeAll(inline(2));
    const group = pipe.group('g');
    await group.create({ lease: 1, mode: 'single' });
    for await (const claim of group.claims({ timeout: 1 })) {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(claim.signal.aborted).toBe(false);
      break;
    }
    const [again] = await group.claim();
    expect(again?.chunk).toMatchObject({ name: 'c0', deliveries: 2 });
    await again?.nack();
    expect(await refused(again?.ack() ?? Promise.resolve())).toBe('Fenced');
  });
});
