// Chunks that come from another VOSpace: each is here once, pinned and verified, whichever call fails, and nothing is left over.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SEGMENT } from '../../src/model/limits.ts';
import type { PipeOptions } from '../../src/model/pipe.ts';
import { parsePath } from '../../src/model/vos-uri.ts';
import { uploadThrough } from '../../src/service/uploads/upload.ts';
import { FAR, FAR_TROUBLES, fault, md5 } from './support/far-space.ts';
import { apart, directory, farServices, type Apart } from './support/far-pipe.ts';
import { checkRows } from './support/invariants.ts';
import { testClock } from './support/ports.ts';
import { DAY, HOUR, OWNER } from './support/space.ts';
import { Troubles, TROUBLES } from './support/troubles.ts';

let store: Apart['store'];
let space: Apart['space'];
let far: Apart['far'];
let open: Apart['open'];

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  ({ store, space, far, open } = await apart('there'));
});

const digest = (text: string): Promise<string> => md5(new Uint8Array(new TextEncoder().encode(text)));

async function put(path: string, text: string): Promise<void> {
  const blob = new Blob([text]);
  const at = parsePath(`${space.name}/${path}`);
  await uploadThrough(farServices({ store, far }), at, OWNER, { body: blob.stream(), length: blob.size });
}

async function text(path: string): Promise<string> {
  const located = await space.port.locate(space.call(path));
  return located.kind === 'bytes' && located.key ? store.text(space.container, located.key) : '';
}

async function brought(name: string, stated: { size?: number; md5?: string } = {}, options: Partial<PipeOptions> = {}) {
  const pipe = await open(options);
  await pipe.write(name, stated);
  await pipe.carry();
  const [chunk] = await pipe.read();
  return chunk;
}

describe('a chunk', () => {
  it('is brought with its bytes, verified by the MD5 that the other side tells, and held for the pipe', async () => {
    far.container('from/deep');
    far.put('from/deep/a', 'one');
    const pipe = await open();
    await pipe.write('deep/a');
    await pipe.carry();
    expect(await pipe.read()).toMatchObject([{ seq: 1, status: 'ready', size: 3, md5: await digest('one') }]);
    expect((await pipe.read())[0]?.verified).toBeUndefined();
    expect(await text('to/deep/a')).toBe('one');
    // The node may go: the bytes stay.
    const [entry] = await pipe.rows<{ key: string }>('SELECT key FROM log');
    await space.remove('to/deep/a');
    await space.pass(3 * DAY, 6 * HOUR);
    expect(store.text(space.container, entry?.key ?? '')).toBe('one');
    expect(store.keys(space.container)).toEqual([entry?.key]);
  });

  it('is compared by its length where nobody knows more, and gets the MD5 of what came', async () => {
    far.tells = false;
    far.put('from/a', 'one');
    expect(await brought('a')).toMatchObject({ status: 'ready', verified: 'length-only', md5: await digest('one') });
    expect((await brought('a', { md5: await digest('one') }))?.verified).toBeUndefined();
  });

  it('that is not what its caller has stated is dead', async () => {
    far.put('from/a', 'one');
    expect((await brought('a', { size: 4 }))?.reason).toBe(`ChunkMismatch vos://${FAR}/from/a has 3 bytes, and 4 were stated`);
    expect((await brought('a', { size: 3, md5: await digest('two') }))?.reason).toMatch(/^ChunkMismatch /);
    far.tells = false;
    expect((await brought('a', { md5: await digest('two') }))?.reason).toMatch(/^ChunkMismatch .* the md5 that was stated$/);
    expect(await space.names('to')).toEqual([]);
  });

  it('whose source changes after it was first looked at is dead', async () => {
    far.put('from/a', 'one');
    let looked = 0;
    far.answers = ({ url }) => {
      if (!url.startsWith('https://store.')) return undefined;
      if (++looked === 1) far.put('from/a', 'four');
      return looked === 1 ? fault(503, 'ServiceBusy') : undefined;
    };
    expect((await brought('a'))?.reason).toBe(`ChunkMismatch vos://${FAR}/from/a has 4 bytes, and 3 were stated`);
    expect(await space.names('to')).toEqual([]);
  });

  it('that is not there is dead with the fault and text of the other service', async () => {
    expect((await brought('nothing'))?.reason).toMatch(/^VOSpaceFault NodeNotFound from\/nothing /);
  });

  it('whose name is taken by other bytes is dead, or overwrites them; by the same bytes it is ready without a transfer', async () => {
    far.put('from/a', 'one');
    await put('to/a', 'other');
    expect((await brought('a'))?.reason).toMatch(/^DuplicateNode NameConflict/);
    expect(await text('to/a')).toBe('other');
    expect(await brought('a', {}, { onConflict: 'overwrite' })).toMatchObject({ status: 'ready' });
    expect(await text('to/a')).toBe('one');
    far.seen.length = 0;
    expect(await brought('a')).toMatchObject({ status: 'ready', md5: await digest('one') });
    expect(far.seen.filter(({ url }) => url.startsWith('https://store.'))).toEqual([]);
  });

  it('whose name is taken while it is on its way is dead, and what came is swept', async () => {
    far.put('from/a', 'one');
    far.answers = async ({ url }) => {
      if (url.startsWith('https://store.')) await put('to/a', 'other');
      return undefined;
    };
    expect((await brought('a'))?.reason).toMatch(/^DuplicateNode NameConflict/);
    expect(await text('to/a')).toBe('other');
    far.answers = () => undefined;
    await swept(1);
  });

  it('waits for another credential where the other service does not let it in', async () => {
    far.put('from/a', 'one');
    const pipe = await open({}, 'wrong');
    await pipe.write('a');
    await pipe.carryOnce();
    expect((await pipe.port.describe(OWNER)).condition).toBe('authRequired');
    await pipe.port.setCredentials(OWNER, await pipe.sealed('canary-token-7741'));
    await pipe.carry();
    expect(await pipe.read()).toMatchObject([{ status: 'ready' }]);
  });

  it('whose owner is no user any more waits, and goes on by itself when he is back', async () => {
    far.put('from/a', 'one');
    const pipe = await open();
    await pipe.write('a');
    directory.isThere = false;
    await pipe.carryOnce();
    expect((await pipe.port.describe(OWNER)).condition).toBe('authRequired');
    expect(far.seen).toEqual([]);
    directory.isThere = true;
    await pipe.carry();
    expect(await pipe.read()).toMatchObject([{ status: 'ready' }]);
    expect((await pipe.port.describe(OWNER)).condition).toBe('open');
  });
});

/** Nothing lies in the store that neither a node nor a chunk needs, when all graces are over. */
async function swept(nodes: number): Promise<void> {
  for (let day = 0; day < 5; day++) await space.pass(DAY / 2, 6 * HOUR);
  await space.inside((state) => checkRows(state.storage.sql, store, space.container));
  expect(await space.rows('SELECT id FROM upload WHERE outcome IS NULL')).toEqual([]);
  expect(await space.names('to')).toHaveLength(nodes);
  expect(store.keys(space.container)).toHaveLength(nodes);
}

describe.each([
  ['of which the other side tells the MD5', true],
  ['of which it tells the length alone', false],
] as const)('a chunk %s', (_, tells) => {
  const run = async (name: string, troubles?: Troubles): Promise<void> => {
    far.tells = tells;
    far.put(`from/${name}`, `bytes of ${name}`);
    const pipe = await open();
    await pipe.write(name);
    await pipe.carry(troubles);
    expect(await pipe.read()).toMatchObject([{ seq: 1, status: 'ready', md5: await digest(`bytes of ${name}`) }]);
    expect(await text(`to/${name}`)).toBe(`bytes of ${name}`);
    expect(await pipe.rows('SELECT * FROM work')).toEqual([]);
  };

  it.each(FAR_TROUBLES)('is here once whichever call to the other service goes wrong (%s)', async (how) => {
    let n = 1;
    for (; ; n++) {
      far.seen.length = 0;
      far.trouble = { at: n, how };
      await run(`n${n}`);
      if (far.seen.length < n) break;
      expect(n).toBeLessThan(30);
    }
    await swept(n);
  });

  it.each(tells ? TROUBLES : [])('is here once whichever call to an object is %s', async (how) => {
    let at = 1;
    for (; ; at++) {
      const troubles = new Troubles(at, how);
      await run(`t${at}`, troubles).catch((error: unknown) => {
        throw new Error(`call ${at} ${how}: ${String(error)}`, { cause: error });
      });
      if (troubles.calls < at) break;
      expect(at).toBeLessThan(60);
    }
    await swept(at);
  });

  it.each(tells ? (['busy', 'lost'] as const) : [])('is here once whichever call of the store fails (%s)', async (how) => {
    let n = 1;
    for (; ; n++) {
      const before = store.calls;
      store.failure = { at: before + n, how };
      await run(`s${n}`);
      store.failure = undefined;
      if (store.calls < before + n) break;
      expect(n).toBeLessThan(30);
    }
    await swept(n);
  });
});

it('a large chunk goes on with the segment that was lost, and its MD5 is that of the whole', { timeout: 60_000 }, async () => {
  const bytes = new Uint8Array(SEGMENT + 1000).fill(7);
  far.put('from/large', bytes);
  const pipe = await open();
  await pipe.write('large');
  let parts = 0;
  far.answers = ({ url, headers }) => {
    if (!url.startsWith('https://store.')) return undefined;
    return headers.get('Range')?.startsWith('bytes=67108864') && ++parts === 1 ? fault(503, 'ServiceBusy') : undefined;
  };
  await pipe.carry();
  expect(await pipe.read()).toMatchObject([{ status: 'ready', size: bytes.length, md5: await md5(bytes) }]);
  expect(far.seen.filter(({ url }) => url.startsWith('https://store.')).map(({ headers }) => headers.get('Range'))).toEqual([
    `bytes=0-${SEGMENT - 1}`,
    `bytes=${SEGMENT}-${SEGMENT + 999}`,
    `bytes=${SEGMENT}-${SEGMENT + 999}`,
  ]);
});

it('what a pipe has reserved is given back when it is destroyed', async () => {
  far.put('from/a', 'one');
  far.answers = ({ url }) => (url.startsWith('https://store.') ? fault(503, 'ServiceBusy') : undefined);
  const pipe = await open();
  await pipe.write('a');
  await pipe.carryOnce();
  expect(await space.names('to')).toEqual(['a']);
  await pipe.port.destroy(OWNER, { force: true, purge: false });
  await pipe.carryOnce();
  expect(await space.names('to')).toEqual([]);
  expect(await pipe.rows("SELECT * FROM work WHERE job <> 'destroy'")).toEqual([]);
  expect(await pipe.rows('SELECT * FROM credential')).toEqual([]);
});

it('what the attempts of a chunk have reserved is given back when it is dead', async () => {
  far.put('from/a', 'one');
  far.answers = ({ url }) => (url.startsWith('https://store.') ? fault(503, 'ServiceBusy') : undefined);
  const begun = testClock.now;
  const chunk = await brought('a');
  expect(chunk?.reason).toMatch(/^VOSpaceFault /);
  expect(testClock.now - begun).toBeLessThan(DAY);
  expect(await space.names('to')).toEqual([]);
  await swept(0);
});
