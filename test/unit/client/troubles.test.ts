// Every operation with something going wrong at its first, second, third … call, until it passes untouched.
import { describe, expect, test } from 'vitest';
import { VospaceError } from '../../../src/client/error.ts';
import type { Vospace } from '../../../src/client/vospace.ts';
import { BASE, FakeSpace, TROUBLES, type Trouble } from './fake-space.ts';

interface Operation {
  readonly before?: (fake: FakeSpace) => void;
  readonly run: (space: Vospace) => Promise<unknown>;
  /** Whether the space is as it has to be, once. */
  readonly after: (fake: FakeSpace, result: unknown) => void;
  /** It changes something without being idempotent: what may have been done is not done again, and the caller is told. */
  readonly once?: boolean;
  /** What was given to the caller cannot be taken back: wrong bytes are told at their end. */
  readonly streams?: boolean;
}

const TEXT = 'The bytes of a node, long enough to be cut in the middle.';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'reads a node': { before: withNode, run: (space) => space.nodes.get('/a'), after: (_, result) => expect(result).toBeDefined() },
  'makes a node': {
    run: (space) => space.nodes.create('/a', { type: 'ContainerNode' }),
    after: (fake, result) => {
      expect(result).toMatchObject({ type: 'ContainerNode' });
      expect(fake.nodes.get('/a')?.type).toBe('ContainerNode');
    },
  },
  'sets properties': {
    before: withNode,
    run: (space) => space.nodes.set('/a', { properties: { 'urn:x': '1' } }),
    after: (fake) => expect(fake.nodes.get('/a')?.properties.get('urn:x')).toBe('1'),
    once: true,
  },
  'deletes a node': {
    before: withNode,
    run: (space) => space.nodes.delete('/a'),
    after: (fake) => expect(fake.nodes.has('/a')).toBe(false),
  },
  'lists children': {
    before: (fake) => ['/1', '/2', '/3', '/4', '/5'].forEach((path) => fake.put(path, path)),
    run: async (space) => {
      const found: string[] = [];
      for await (const { uri } of space.nodes.children('/', { page: 2 })) found.push(uri.slice(-1));
      return found.join('');
    },
    after: (_, result) => expect(result).toBe('12345'),
  },
  'sends a text': { run: (space) => space.upload('/a', TEXT), after: isSent },
  'sends a Blob over what is there': { before: withNode, run: (space) => space.upload('/a', new Blob([TEXT])), after: isSent },
  'sends what a function opens': { run: (space) => space.upload('/a', () => new Blob([TEXT]).stream()), after: isSent },
  'receives bytes': {
    before: withNode,
    run: async (space) => new Response((await space.download('/a')).body).text(),
    after: (_, result) => expect(result).toBe(TEXT),
    streams: true,
  },
  'receives a part of them': {
    before: withNode,
    run: async (space) => new Response((await space.download('/a', { range: { start: 4, end: 40 } })).body).text(),
    after: (_, result) => expect(result).toBe(TEXT.slice(4, 41)),
    streams: true,
  },
  'moves a node': {
    before: withNode,
    run: (space) => space.move('/a', '/b'),
    after: (fake) => {
      expect([fake.text('/a'), fake.text('/b')]).toEqual([undefined, TEXT]);
      expect([...fake.runs.values()]).toEqual([1]);
    },
  },
  'copies a node': {
    before: withNode,
    run: (space) => space.copy('/a', '/b'),
    after: (fake) => expect([fake.text('/a'), fake.text('/b')]).toEqual([TEXT, TEXT]),
  },
};

function withNode(fake: FakeSpace): void {
  fake.put('/a', TEXT);
}

function isSent(fake: FakeSpace, result: unknown): void {
  expect(result).toMatchObject({ size: TEXT.length, verified: 'md5' });
  expect(fake.text('/a')).toBe(TEXT);
}

/** Runs the operation with this trouble at the n-th call; answers whether there was such a call. */
async function tryWith(operation: Operation, trouble: Trouble, n: number): Promise<boolean> {
  const fake = new FakeSpace();
  operation.before?.(fake);
  let struck = false;
  fake.trouble = (call) => {
    if (call !== n) return undefined;
    struck = true;
    return trouble;
  };
  const label = `${trouble} at call ${n}`;
  const result = await operation.run(fake.client()).catch((error: unknown) => error);
  // A part of the bytes has no checksum: what is corrupted in it cannot be known.
  if (operation.streams && trouble === 'corrupted' && typeof result === 'string' && struck) return struck;
  const mayFail =
    struck && ((operation.once && trouble !== 'refused' && trouble !== 'busy 503') || (operation.streams && trouble === 'corrupted'));
  if (result instanceof Error && mayFail) {
    expect(result, label).toBeInstanceOf(VospaceError);
    if (result instanceof VospaceError) expect(['ConnectionFailed', 'InternalFault', 'Corrupted'], label).toContain(result.fault);
    return struck;
  }
  expect(result, label).not.toBeInstanceOf(Error);
  operation.after(fake, result);
  return struck;
}

describe.each(Object.entries(OPERATIONS))('a client that %s', (_, operation) => {
  test.each(TROUBLES)('comes through one call that is %s, whichever it is', async (trouble) => {
    let calls = 0;
    while (await tryWith(operation, trouble, calls + 1)) calls += 1;
    expect(calls).toBeGreaterThan(0);
  });
});

describe('bytes that are wrong', () => {
  test('are sent again until the node has them', async () => {
    const fake = new FakeSpace();
    let puts = 0;
    fake.trouble = (_, { method, url }) => (method === 'PUT' && url.includes('/put/') && ++puts <= 2 ? 'corrupted' : undefined);
    await fake.client().upload('/a', TEXT);
    expect([fake.text('/a'), puts]).toEqual([TEXT, 3]);
  });

  test('are never taken for right when they are read', async () => {
    const fake = new FakeSpace();
    fake.put('/a', TEXT);
    fake.trouble = (_, { url }) => (url.includes('/get/') ? 'corrupted' : undefined);
    const { body, md5 } = await fake.client().download('/a');
    expect(md5).toHaveLength(32);
    await expect(new Response(body).text()).rejects.toMatchObject({ fault: 'Corrupted' });
    const { body: unchecked } = await fake.client().download('/a', { verify: false });
    expect(await new Response(unchecked).text()).toHaveLength(TEXT.length);
  });

  test('of a stream that can be read once are not sent again, and not left reserved', async () => {
    const fake = new FakeSpace();
    fake.trouble = (_, { method, url }) => (method === 'PUT' && url.includes('/put/') ? 'broken 500' : undefined);
    await expect(fake.client().upload('/a', new Blob([TEXT]).stream())).rejects.toMatchObject({ fault: 'InternalFault' });
    expect(fake.seen.filter(({ url }) => url.includes('/put/'))).toHaveLength(1);
    expect([...fake.jobs]).toEqual([]);
  });

  test('of a node that is replaced while it is read are not mixed with those before', async () => {
    const fake = new FakeSpace();
    fake.put('/a', TEXT);
    let gets = 0;
    fake.trouble = (_, { url }) => {
      if (!url.includes('/get/')) return undefined;
      if (++gets === 2) fake.put('/a', TEXT.toUpperCase());
      return gets === 1 ? 'cut' : undefined;
    };
    const { body } = await fake.client().download('/a');
    await expect(new Response(body).text()).rejects.toMatchObject({ fault: 'Corrupted' });
  });
});

describe('a service that stays broken', () => {
  test.each([
    ['refused', 'ConnectionFailed'],
    ['broken 500', 'InternalFault'],
    ['busy 503', 'ServiceBusy'],
    ['lost', 'ConnectionFailed'],
  ] as const)('and is always %s is asked five times, and then named', async (trouble, fault) => {
    const fake = new FakeSpace();
    fake.trouble = () => trouble;
    await expect(fake.client().nodes.get('/')).rejects.toMatchObject({ fault, transient: true });
    expect(fake.seen).toHaveLength(5);
    await expect(fake.client().upload('/a', TEXT)).rejects.toMatchObject({ fault });
    await expect(fake.client({ authority: 'space.test~vospace' }).nodes.set('/a', { properties: {} })).rejects.toMatchObject({ fault });
  });

  test('that takes no POST twice gets none twice', async () => {
    const fake = new FakeSpace();
    fake.put('/a', TEXT);
    fake.trouble = (_, { method }) => (method === 'POST' ? 'lost' : undefined);
    const error = await fake
      .client()
      .nodes.set('/a', { properties: { 'urn:x': '1' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ fault: 'ConnectionFailed', unsent: false });
    expect(fake.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(String(error)).toContain(`POST ${BASE}/nodes/a`);
  });
});
