// Chunks that go to another VOSpace: each arrives once, whichever call fails, and what cannot arrive is told.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseChunkName } from '../../src/model/chunk-name.ts';
import type { NewChunk } from '../../src/durable/pipe/port.ts';
import { Md5 } from '../../src/model/md5.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import { FAR, FAR_TROUBLES, fault } from './support/far-space.ts';
import { apart, type Apart, type FarPipe } from './support/far-pipe.ts';
import { testClock } from './support/ports.ts';
import { MINUTE, OWNER } from './support/space.ts';
import { Troubles, TROUBLES } from './support/troubles.ts';

let store: Apart['store'];
let space: Apart['space'];
let far: Apart['far'];
let open: Apart['open'];

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  ({ store, space, far, open } = await apart('here'));
});

const md5 = (text: string): string => new Md5().update(new TextEncoder().encode(text)).hex();

/** Pinned bytes of this service. */
async function chunk(name: string, text: string, isKnown = true): Promise<NewChunk> {
  const key = `o/${crypto.randomUUID()}` as ObjectKey;
  const body = new Blob([text]).stream();
  await store.put({ name: space.container, epoch: 1 }, key, { body, length: text.length });
  const pinned = { space: space.id, home: space.id, key, holder: `pipe:test:${name}` };
  return {
    name: parseChunkName(name),
    size: text.length,
    ...(isKnown && { md5: md5(text) }),
    type: 'text/plain',
    bytes: { kind: 'pinned', pinned },
  };
}

async function delivered(pipe: FarPipe, ...chunks: NewChunk[]) {
  await pipe.append(...chunks);
  await pipe.carry();
  return pipe.read();
}

describe('a chunk', () => {
  it('arrives with its bytes, verified by MD5, and its containers are made', async () => {
    const pipe = await open();
    expect(await delivered(pipe, await chunk('a.txt', 'one'), await chunk('deep/er/b.txt', 'two'))).toMatchObject([
      { seq: 1, status: 'ready', size: 3, md5: md5('one'), uri: `vos://${FAR}/to/a.txt` },
      { seq: 2, status: 'ready', md5: md5('two') },
    ]);
    expect([far.text('to/a.txt'), far.text('to/deep/er/b.txt')]).toEqual(['one', 'two']);
    expect((await pipe.read()).every(({ verified }) => verified === undefined)).toBe(true);
  });

  it('is compared by its length where the other side tells no MD5', async () => {
    far.tells = false;
    expect(await delivered(await open(), await chunk('a', 'one'))).toMatchObject([
      { status: 'ready', verified: 'length-only', md5: md5('one') },
    ]);
  });

  it('whose MD5 is not known gets that of the bytes that went', async () => {
    expect(await delivered(await open(), await chunk('a', 'one', false))).toMatchObject([{ status: 'ready', md5: md5('one') }]);
  });

  it('whose name has its bytes there already is not sent', async () => {
    far.put('to/a', 'one');
    expect(await delivered(await open(), await chunk('a', 'one'))).toMatchObject([{ status: 'ready' }]);
    expect(far.seen.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('whose name is taken by other bytes is dead, or overwrites them', async () => {
    far.put('to/a', 'other');
    far.container('to/b');
    const [first, second] = await delivered(await open(), await chunk('a', 'one'), await chunk('b', 'two'));
    expect([first, second]).toMatchObject([{ status: 'dead' }, { status: 'dead' }]);
    expect(first?.reason).toBe(`DuplicateNode NameConflict vos://${FAR}/to/a has other bytes`);
    expect(far.text('to/a')).toBe('other');
    expect(await delivered(await open({ onConflict: 'overwrite' }), await chunk('a', 'one'))).toMatchObject([{ status: 'ready' }]);
    expect(far.text('to/a')).toBe('one');
  });

  it('that is refused for good is dead with the fault and the text of the other service', async () => {
    far.answers = ({ url }) => (url.endsWith('/synctrans') ? fault(413, 'QuotaExceeded', 'only 7 bytes are left\u0007') : undefined);
    const [dead] = await delivered(await open(), await chunk('a', 'one'));
    expect(dead).toMatchObject({ status: 'dead' });
    expect(dead?.reason).toMatch(/^VOSpaceFault QuotaExceeded only 7 bytes are left /);
    expect(far.seen.filter(({ url }) => url.endsWith('/synctrans'))).toHaveLength(1);
  });

  it('is tried twelve times, with Retry-After obeyed, before it is dead', async () => {
    far.answers = ({ url }) =>
      url.endsWith('/synctrans') ? new Response('ServiceBusy', { status: 503, headers: { 'Retry-After': '600' } }) : undefined;
    const pipe = await open();
    const begun = testClock.now;
    const [dead] = await delivered(pipe, await chunk('a', 'one'));
    expect(dead?.reason).toMatch(/^VOSpaceFault ServiceBusy/);
    expect(far.seen.filter(({ url }) => url.endsWith('/synctrans'))).toHaveLength(12);
    expect(testClock.now - begun).toBeGreaterThan(11 * 300_000 - 1);
  });
});

describe('where the other service does not let it in', () => {
  it('the pipe is authRequired after one more try, uses up no attempts, and goes on with another credential', async () => {
    const pipe = await open({}, 'wrong');
    await pipe.append(await chunk('a', 'one'), await chunk('b', 'two'));
    await pipe.carryOnce();
    const { condition, reason = '' } = await pipe.port.describe(OWNER);
    expect([condition, reason]).toEqual(['authRequired', expect.stringContaining('NotAuthenticated')]);
    expect(await pipe.rows('SELECT DISTINCT failures FROM work')).toEqual([{ failures: 0 }]);
    await pipe.port.setCredentials(OWNER, await pipe.sealed('canary-token-7741'));
    await pipe.carry();
    expect(await pipe.read()).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
    expect(JSON.stringify(await pipe.rows('SELECT * FROM credential'))).not.toContain('canary');
  });

  it('it is tried again now and then by one chunk, more and more seldom, until it works', async () => {
    const pipe = await open();
    far.token = 'another';
    await pipe.append(await chunk('a', 'one'), await chunk('b', 'two'), await chunk('c', 'three'));
    await pipe.carryOnce();
    const tries: number[] = [];
    const begun = testClock.now;
    for (let i = 0; i < 4; i++) {
      let given = 0;
      while (given === 0) {
        await pipe.ring();
        given = await pipe.carryOnce();
      }
      expect(given).toBe(1);
      tries.push((testClock.now - begun) / MINUTE);
    }
    expect(tries).toEqual([5, 20, 80, 440]);
    far.token = 'canary-token-7741';
    await pipe.carry();
    expect(await pipe.read()).toHaveLength(3);
    expect(await pipe.rows('SELECT * FROM lacking')).toEqual([]);
  });

  it('a pipe that has nothing to carry any more wakes no more', async () => {
    const pipe = await open({}, 'wrong');
    await pipe.append(await chunk('a', 'one'));
    await pipe.carryOnce();
    await pipe.rows('DELETE FROM work');
    for (let rings = 0; rings < 3; rings++) await pipe.ring();
    expect((await pipe.port.describe(OWNER)).condition).toBe('open');
    expect(await pipe.alarmTime()).toBeNull();
  });
});

describe('a chunk that is too large for a PUT there', () => {
  beforeEach(() => {
    far.answers = ({ method, url }) =>
      method === 'PUT' && url.startsWith('https://store.') ? new Response('too large', { status: 413 }) : undefined;
  });

  it('is fetched by the other service, which is asked now and then whether it has it', async () => {
    far.fetches = (path, url) => {
      expect(url).toBe('https://store.example/signed');
      far.put(path, 'one');
      return true;
    };
    expect(await delivered(await open(), await chunk('a', 'one'))).toMatchObject([{ status: 'ready', md5: md5('one') }]);
    expect(far.open()).toEqual([]);
  });

  it('is dead where it cannot be fetched, either, or is fetched wrong each time', async () => {
    expect((await delivered(await open(), await chunk('a', 'one')))[0]?.reason).toMatch(/^VOSpaceFault TransferFailed there/);
    far.fetches = (path) => {
      far.put(path, 'wrong');
      return true;
    };
    expect((await delivered(await open(), await chunk('b', 'one')))[0]).toMatchObject({ status: 'dead' });
  });

  it.each(FAR_TROUBLES)('arrives whichever call goes wrong (%s)', async (how) => {
    far.fetches = (path) => {
      far.put(path, `bytes of ${path}`);
      return true;
    };
    for (let n = 1; ; n++) {
      far.seen.length = 0;
      far.trouble = { at: n, how };
      const [one] = await delivered(await open(), await chunk(`n${n}`, `bytes of to/n${n}`));
      expect([n, one?.status, one?.reason]).toEqual([n, 'ready', undefined]);
      if (far.seen.length < n) break;
      expect(n).toBeLessThan(40);
    }
  });
});

it('inline bytes become nodes there where the pipe is to materialise them, and else do not travel', async () => {
  const bytes = { kind: 'inline', data: btoa('one') } as const;
  const inline: NewChunk = { name: parseChunkName('a'), size: 3, md5: md5('one'), bytes };
  expect(await delivered(await open(), inline)).toMatchObject([{ status: 'ready', data: btoa('one') }]);
  expect(far.seen).toEqual([]);
  expect(await delivered(await open({ materialise: true }), inline)).toMatchObject([{ status: 'ready', data: btoa('one') }]);
  expect(far.text('to/a')).toBe('one');
});

it('what was entrusted goes to the other service alone, and not along its redirects', async () => {
  // The store there throws at the sight of it.
  far.answers = ({ url, headers }) => {
    expect(headers.has('Authorization')).toBe(url.startsWith('https://far.example/') && !url.endsWith('/nothing'));
    if (url.includes('/nodes/')) return new Response(null, { status: 307, headers: { Location: 'https://store.far.example/nothing' } });
    return url.endsWith('/nothing') ? fault(403, 'PermissionDenied', 'secret text') : undefined;
  };
  const pipe = await open();
  await pipe.append(await chunk('a', 'one'));
  await pipe.carryOnce();
  expect(far.seen.map(({ url }) => url)).toContain('https://store.far.example/nothing');
  const { condition, reason = '' } = await pipe.port.describe(OWNER);
  expect([condition, reason]).toEqual(['authRequired', expect.not.stringContaining('secret text')]);
});

describe.each([
  ['of which both sides tell the MD5', true],
  ['of which the other side tells the length alone', false],
] as const)('a chunk %s', (_, tells) => {
  const run = async (troubles: Troubles | undefined, name: string): Promise<void> => {
    far.tells = tells;
    const pipe = await open();
    await pipe.append(await chunk(name, `bytes of ${name}`));
    await pipe.carry(troubles);
    expect(await pipe.read()).toMatchObject([{ seq: 1, status: 'ready', md5: md5(`bytes of ${name}`) }]);
    expect(far.text(`to/${name}`)).toBe(`bytes of ${name}`);
    expect(await pipe.rows('SELECT * FROM work')).toEqual([]);
  };

  it.each(FAR_TROUBLES)('arrives once whichever call to the other service goes wrong (%s), and nothing is left open there', async (how) => {
    for (let n = 1; ; n++) {
      far.seen.length = 0;
      far.trouble = { at: n, how };
      await run(undefined, `n${n}`);
      if (far.seen.length < n) break;
      expect(n).toBeLessThan(30);
    }
    // Of a reservation whose answer was lost nobody knows.
    expect(far.open()).toHaveLength(how === 'after' ? 1 : 0);
  });

  it.each(TROUBLES)('arrives once whichever call to an object is %s', async (how) => {
    for (let at = 1; ; at++) {
      const troubles = new Troubles(at, how);
      await run(troubles, `t${how}${at}`);
      if (troubles.calls < at) break;
      expect(at).toBeLessThan(60);
    }
  });
});
