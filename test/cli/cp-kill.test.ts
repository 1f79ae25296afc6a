// Copies that are killed, interrupted, done twice at once, or whose store breaks connections: the same command brings them to their end.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../support/random.ts';
import { BreakingProxy } from './support/breaking-proxy.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { makePerson, service } from './support/vopipe.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const random = new Random(seed);
const person = await makePerson();
const { home, run, begin, directory } = person;
const SMALL = 60;
console.log(`SEED=${seed}`);

function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4096) bytes.writeUInt32LE(random.below(2 ** 32), at);
  return bytes;
}

function tree(name: string): string {
  const small = Array.from({ length: SMALL }, (_, i) => [`d${i % 7}/f${i}`, bytesOf(random.below(30_000))] as const);
  return makeTree(directory, name, { ...Object.fromEntries(small), large: bytesOf(34 * 1024 * 1024 + 17), middle: bytesOf(2_000_000) });
}

const source = tree('source');

/** Kills the command at random moments until it ends by itself. The answer is what its last run said. */
async function untilDone(args: readonly string[], kills: number): Promise<string> {
  for (let i = 0; i < kills; i++) {
    const running = begin(args);
    const timer = setTimeout(() => running.process.kill('SIGKILL'), 300 + random.below(2500));
    const { code } = await running.ended;
    clearTimeout(timer);
    if (code === null) continue;
    // Given once more it would be another copy: its target is there.
    expect(code, running.err()).toBe(0);
    return running.err();
  }
  const { code, err } = await run(args);
  expect(code, err).toBe(0);
  return err;
}

/** Uploads in parts that are under way. */
async function largeOpen(): Promise<readonly object[]> {
  const { items } = JSON.parse((await person.client.get('/uploads')).text) as { items: readonly { partCount?: number }[] };
  return items.filter(({ partCount }) => partCount !== undefined);
}

function isClean(folder: string): boolean {
  const journals = join(directory, '.local', 'state', 'vopipe', 'copies');
  const left = existsSync(journals) ? readdirSync(journals).filter((name) => name.endsWith('.jsonl')) : [];
  return left.length === 0 && !readdirSync(folder).some((name) => name.startsWith('.vopipe'));
}

describe('a copy that is killed', { timeout: 300_000 }, () => {
  test.each(['auto', 'store'])('on its way up is brought to its end by the same command (%s)', async (via) => {
    await untilDone(['cp', '-r', '-v', '--via', via, 'source', `${home}/${via}`], 3);
    expect((await run(['cp', '-r', `${home}/${via}`, `back-${via}`])).code).toBe(0);
    expect(treeOf(join(directory, `back-${via}`))).toEqual(treeOf(source));
    expect(isClean(directory)).toBe(true);
  });

  test('on its way down is brought to its end by the same command', async () => {
    await run(['sync', 'source', `${home}/down`]);
    await untilDone(['sync', `${home}/down`, 'down'], 3);
    expect(treeOf(join(directory, 'down'))).toEqual(treeOf(source));
    expect(isClean(join(directory, 'down'))).toBe(true);
  });

  test('goes on with the large file where it was, unless that has changed', async () => {
    const large = makeTree(directory, 'large', { file: bytesOf(64 * 1024 * 1024) });
    const args = ['cp', '--json', '-v', '--parallel', '1', join(large, 'file'), `${home}/going-on`];
    const killed = begin(args);
    const journals = join(directory, '.local', 'state', 'vopipe', 'copies');
    const noted = (): string =>
      existsSync(journals)
        ? readdirSync(journals)
            .map((name) => readFileSync(join(journals, name), 'utf8'))
            .join('')
        : '';
    await expect.poll(noted, { timeout: 30_000 }).toContain('"upload"');
    await expect.poll(largeOpen, { timeout: 30_000 }).toHaveLength(1);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const bytes = readFileSync(join(large, 'file'));
    bytes[5] = 99;
    writeFileSync(join(large, 'file'), bytes);
    expect((await run(args)).code).toBe(0);
    expect((await run(['cp', `${home}/going-on`, 'going-on'])).code).toBe(0);
    expect(readFileSync(join(directory, 'going-on')).equals(bytes)).toBe(true);
    expect(await largeOpen()).toEqual([]);
  });
});

describe('a copy', { timeout: 300_000 }, () => {
  test('that is interrupted says how to go on', async () => {
    const running = begin(['cp', '-r', 'source', `${home}/interrupted`]);
    await expect.poll(async () => (await person.client.get(`/nodes/${person.user}/interrupted`)).status, { timeout: 30_000 }).toBe(200);
    running.process.kill('SIGINT');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([130, expect.stringContaining('The same command goes on from here.')]);
    expect((await run(['cp', '-r', 'source/.', `${home}/interrupted`])).code).toBe(0);
  });

  test('may be done twice at once', async () => {
    const up = ['cp', '-r', 'source/.', `${home}/twice`];
    const down = ['sync', `${home}/twice`, 'twice'];
    for (const args of [up, down]) {
      const [one, other] = [begin(args), begin(args)];
      expect([(await one.ended).code, (await other.ended).code], one.err() + other.err()).toEqual([0, 0]);
    }
    expect(treeOf(join(directory, 'twice'))).toEqual(treeOf(source));
  });

  test('whose target cannot be written says so once', async () => {
    await run(['cp', 'source/middle', `${home}/middle`]);
    mkdirSync(join(directory, 'taken', 'middle'), { recursive: true });
    const { code, err } = await run(['cp', `${home}/middle`, 'taken']);
    expect([code, err]).toEqual([5, expect.stringContaining('is a folder')]);
    expect(await run(['cp', `${home}/middle`, '/dev/null/x'])).toMatchObject({ code: 1 });
  });
});

describe('a store that breaks connections', { timeout: 300_000 }, async () => {
  const proxy = await BreakingProxy.start(service.base, random);
  afterAll(() => proxy.stop());
  const through = { VOPIPE_URL: proxy.base };
  const go = (...args: string[]): ReturnType<typeof run> => {
    const running = begin(args, through);
    running.process.stdin?.end();
    return running.ended;
  };

  test.each(['auto', 'store'])('does no harm to a copy (%s)', async (via) => {
    proxy.share = 0.1;
    const up = await go('cp', '-r', '--via', via, 'source', `${home}/broken-${via}`);
    expect(up.code, up.err).toBe(0);
    const down = await go('cp', '-r', `${home}/broken-${via}`, `broken-${via}`);
    expect(down.code, down.err).toBe(0);
    expect(proxy.broken).toBeGreaterThan(3);
    expect(treeOf(join(directory, `broken-${via}`))).toEqual(treeOf(source));
    rmSync(join(directory, `broken-${via}`), { recursive: true });
  });

  test('and takes equal bytes from somebody who is quicker has what was to be there', async () => {
    proxy.share = 0;
    const overtaken = /\/d1\/|\/uploads\/[^/]+\/complete$/;
    proxy.overtakes = (url) => (overtaken.test(url) ? '{"fault": "NodeBusy", "detail": "a later upload has been committed"}' : undefined);
    const { code, err } = await go('cp', '-r', 'source/.', `${home}/overtaken`);
    expect([code, err]).toEqual([0, expect.stringMatching(/ 10 there already/)]);
    proxy.overtakes = undefined;
  });

  test.each([
    ['large', 'POST /uploads'],
    ['middle', 'POST /uploads'],
    ['large', '/complete'],
    ['middle', 'POST /uploads/complete'],
  ])('and loses %s with the answer to %s leaves no upload in parts behind', async (name, path) => {
    const args = ['cp', '-v', `source/${name}`, `${home}/unheard-${name}${path.length}`];
    const running = begin(args, through);
    proxy.swallows = (asked) => asked.endsWith(path) && running.process.kill('SIGKILL');
    await running.ended;
    proxy.swallows = undefined;
    const again = await go(...args);
    expect(again.code, again.err).toBe(0);
    expect((await run(['cp', args.at(-1) ?? '', 'unheard'])).code).toBe(0);
    expect(readFileSync(join(directory, 'unheard')).equals(readFileSync(join(source, name)))).toBe(true);
    expect(await largeOpen()).toEqual([]);
  });

  test('and never gets better ends the copy, which goes on when it is', async () => {
    proxy.share = 0;
    proxy.answers = 503;
    const { code, err } = await go('cp', '-r', 'source', `${home}/away`);
    expect(code, err).toBeGreaterThan(0);
    proxy.answers = undefined;
    const second = await go('cp', '-r', 'source/.', `${home}/away`);
    expect(second.code, second.err).toBe(0);
    expect((await run(['cp', '-r', `${home}/away`, 'away'])).code).toBe(0);
    expect(treeOf(join(directory, 'away'))).toEqual(treeOf(source));
  });
});
