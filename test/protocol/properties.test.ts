// Properties: VOSpace 2.1 sections 3.2 and 3.2.4, and OpenCADC's permission flags.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core, INHERIT } from './documents.ts';
import { expectFault, expectOneFault, expectStatus, newUser, nodeIn, ours, uriOf } from './world.ts';

const me = await newUser('properties');
/** "YYYY-MM-DDThh:mm:ss.SSS" in UTC, the form that clients in the field read. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;

async function value(path: string, uri: string): Promise<string | undefined> {
  return (await me.read(path)).properties.get(uri)?.value;
}
function data(properties: Record<string, string> = {}): Promise<string> {
  return me.made(me.fresh(), { type: 'DataNode', properties });
}

describe('the standard property', () => {
  test.each([
    'title',
    'subject',
    'description',
    'publisher',
    'contributor',
    'type',
    'format',
    'identifier',
    'source',
    'language',
    'relation',
    'coverage',
    'rights',
  ])('%s can be set at creation, changed and deleted', async (name) => {
    const path = await data({ [core(name)]: 'first value' });
    expect(await value(path, core(name))).toBe('first value');
    expectStatus(await me.set(path, { properties: { [core(name)]: 'second value' } }), 200);
    expect(await value(path, core(name))).toBe('second value');
    expectStatus(await me.set(path, { properties: { [core(name)]: null } }), 200);
    expect(await value(path, core(name))).not.toBe('second value');
  });
});

describe('a property of the client', () => {
  test.each([
    'urn:my-property',
    'http://example.org/props#one',
    'ivo://example.org/vospace/properties#seeing',
    'quality',
    'with-dash_and.dot',
  ])('with the key %s is kept as sent', async (uri) => {
    const path = await data({ [uri]: 'kept' });
    expect((await me.read(path)).properties.get(uri)).toEqual({ value: 'kept', readOnly: false });
  });

  test('keys differ by case', async () => {
    const path = await data({ 'urn:Key': 'upper', 'urn:key': 'lower' });
    expect([await value(path, 'urn:Key'), await value(path, 'urn:key')]).toEqual(['upper', 'lower']);
  });

  test.each([
    ['10,000 characters', 'x'.repeat(10_000)],
    ['spaces only', '   '],
    ['line ends', 'a\nb\r\nc\td'],
    ['markup', '<a href="x">&amp;</a> ]]> <!-- -->'],
    ['other scripts', 'Ω звезда 星 🔭 é e\u0301'],
    ['a number', '0042'],
    ['words of other languages', 'constructor'],
  ])('keeps %s', async (_, text) => {
    expect(await value(await data({ 'urn:text': text }), 'urn:text')).toBe(text);
  });

  test.each(['ivo://ivoa.net/vospace/core#make-stuff-up', 'ivo://ivoa.net/vospacecore#make-stuff-up', 'ivo://ivoa.net/vospace/core#Title'])(
    'cannot pose as a standard one: %s is InvalidArgument',
    async (uri) => {
      expectFault(await me.create(me.fresh(), { type: 'DataNode', properties: { [uri]: 'x' } }), 'InvalidArgument', uri);
      const path = await data();
      expectFault(await me.set(path, { properties: { [uri]: 'x', 'urn:other': 'y' } }), 'InvalidArgument', uri);
      expect(await value(path, 'urn:other')).toBeUndefined();
    },
  );

  test.each(['has space', '<tag>', 'a"b', 'urn: x'])('with the key %j is refused', async (uri) => {
    expectOneFault(await me.set(await data(), { properties: { [uri]: 'x' } }), 'InvalidArgument', 'InvalidURI');
  });
});

describe('what the service knows of a file', () => {
  const bytes = 'twelve bytes';

  test('is read-only: length, MD5, date, mtime, ctime, btime and creator', async () => {
    const { properties } = await me.read(await me.stored(me.fresh(), bytes));
    expect(properties.get(core('length'))).toEqual({ value: '12', readOnly: true });
    expect(properties.get(core('MD5'))).toEqual({ value: createHash('md5').update(bytes).digest('hex'), readOnly: true });
    for (const name of ['date', 'mtime', 'ctime', 'btime']) {
      expect(properties.get(core(name)), name).toEqual({ value: expect.stringMatching(TIME), readOnly: true });
    }
    expect(properties.get(core('creator'))).toEqual({ value: expect.stringContaining(me.name), readOnly: true });
  });

  test('has times of this very moment, in UTC', async () => {
    const before = Date.now();
    const path = await me.stored(me.fresh(), bytes);
    const after = Date.now();
    const { properties } = await me.read(path);
    for (const name of ['date', 'mtime', 'ctime', 'btime']) {
      const time = Date.parse(`${properties.get(core(name))?.value}Z`);
      expect(time, name).toBeGreaterThanOrEqual(before - 2_000);
      expect(time, name).toBeLessThanOrEqual(after + 2_000);
    }
  });

  test('moves ctime and date, and neither mtime nor btime, when a property changes', async () => {
    const path = await me.stored(me.fresh(), bytes);
    const before = await me.read(path);
    await me.set(path, { properties: { [core('title')]: 't' } });
    const after = await me.read(path);
    for (const name of ['mtime', 'btime', 'length', 'MD5'])
      expect(after.properties.get(core(name)), name).toEqual(before.properties.get(core(name)));
    for (const name of ['ctime', 'date']) {
      expect((after.properties.get(core(name))?.value ?? '') > (before.properties.get(core(name))?.value ?? ''), name).toBe(true);
    }
  });

  test('moves mtime, length and MD5, and not btime, when the bytes change', async () => {
    const path = await me.stored(me.fresh(), bytes);
    const before = await me.read(path);
    expectStatus(await me.put(path, 'other'), 200, 201);
    const after = await me.read(path);
    expect(after.properties.get(core('btime'))).toEqual(before.properties.get(core('btime')));
    expect(after.properties.get(core('length'))?.value).toBe('5');
    expect(after.properties.get(core('MD5'))?.value).toBe(createHash('md5').update('other').digest('hex'));
    expect((after.properties.get(core('mtime'))?.value ?? '') > (before.properties.get(core('mtime'))?.value ?? '')).toBe(true);
  });

  test('includes the type that the upload stated', async () => {
    const path = await me.stored(me.fresh(), bytes, { 'content-type': 'application/fits' });
    expect((await me.read(path)).properties.get(core('type'))).toEqual({ value: 'application/fits', readOnly: false });
  });
});

test.each(['ContainerNode', 'DataNode', 'LinkNode'])('a %s has a date and a creator', async (type) => {
  const path = await me.made(me.fresh(), { type, ...(type === 'LinkNode' ? { target: 'urn:x' } : {}) });
  const { properties } = await me.read(path);
  expect(properties.get(core('date'))?.value).toMatch(TIME);
  expect(properties.get(core('creator'))?.value).toContain(me.name);
});

test('a length, where there is one, is a whole number', async () => {
  const path = await me.made(me.fresh());
  await me.made(`${path}/data`, { type: 'DataNode' });
  await me.made(`${path}/container`);
  const container = await me.read(path);
  for (const node of [container, ...(container.nodes ?? [])]) {
    expect(node.properties.get(core('length'))?.value ?? '0', node.uri).toMatch(/^\d+$/);
  }
});

test('the root has a date', async () => {
  expect(nodeIn(await me.get('/nodes?limit=0')).properties.get(core('date'))?.value).toMatch(TIME);
});

test('the properties of a link do not propagate to its target, nor back', async () => {
  const target = await data({ [core('title')]: 'target' });
  const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(target), properties: { 'urn:note': 'n' } });
  expect(await value(target, 'urn:note')).toBeUndefined();
  expect(await value(link, core('title'))).toBeUndefined();
});

describe('publicread and ispublic', () => {
  test.each(['publicread', 'ispublic'])('are one flag: set by %s, shown by both', async (name) => {
    const path = await data();
    for (const flag of ['true', 'false', 'true']) {
      expectStatus(await me.set(path, { properties: { [core(name)]: flag } }), 200);
      expect([await value(path, core('publicread')), await value(path, core('ispublic'))]).toEqual([flag, flag]);
    }
    expectStatus(await me.set(path, { properties: { [core(name)]: null } }), 200);
    expect([(await value(path, core('publicread'))) ?? 'false', (await value(path, core('ispublic'))) ?? 'false']).toEqual([
      'false',
      'false',
    ]);
  });
  test.each(['maybe', '2', 'yes please'])('refuse the value %j', async (flag) => {
    expectFault(await me.set(await data(), { properties: { [core('publicread')]: flag } }), 'InvalidArgument', flag);
  });
});

describe('groupread and groupwrite', () => {
  const [a, b] = ['ivo://example.org/gms?alpha', 'ivo://example.org/gms?beta'];
  test.each(['groupread', 'groupwrite'])('%s takes groups separated by commas, spaces or both, and keeps their order', async (name) => {
    for (const list of [`${b} ${a}`, `${b},${a}`, `${b}, ${a}`, ` ${b}   ${a} `]) {
      const path = await data({ [core(name)]: list });
      expect(await value(path, core(name))).toBe(`${b} ${a}`);
    }
  });
  test.each(['groupread', 'groupwrite'])('%s refuses what is not a group URI', async (name) => {
    const path = await data({ [core(name)]: a });
    for (const list of ['alpha', `${a} beta`, 'http://example.org/gms?x', 'ivo://example.org/gms']) {
      expectFault(await me.set(path, { properties: { [core(name)]: list } }), 'InvalidArgument', core(name));
    }
    expect(await value(path, core(name))).toBe(a);
  });
  test('can be blanked and deleted', async () => {
    const path = await data({ [core('groupread')]: a, [core('groupwrite')]: b });
    expectStatus(await me.set(path, { properties: { [core('groupread')]: '', [core('groupwrite')]: null } }), 200);
    expect([(await value(path, core('groupread'))) ?? '', (await value(path, core('groupwrite'))) ?? '']).toEqual(['', '']);
  });
});

ours('inheritPermissions', () => {
  const group = 'ivo://example.org/gms?team';
  const inheriting = { [core('publicread')]: 'true', [core('groupread')]: group, [core('groupwrite')]: group, [INHERIT]: 'true' };
  test('gives a new child the permissions of its container', async () => {
    const path = await me.made(me.fresh(), { properties: inheriting });
    const { properties } = await me.read(await me.made(`${path}/child`, { type: 'DataNode' }));
    expect(['publicread', 'groupread', 'groupwrite'].map((name) => properties.get(core(name))?.value)).toEqual(['true', group, group]);
  });
  test('gives them to a file that /files makes', async () => {
    const path = await me.made(me.fresh(), { properties: inheriting });
    const { properties } = await me.read(await me.stored(`${path}/file`, 'x'));
    expect(['publicread', 'groupread', 'groupwrite'].map((name) => properties.get(core(name))?.value)).toEqual(['true', group, group]);
  });
  test('goes on to grandchildren', async () => {
    const path = await me.made(me.fresh(), { properties: inheriting });
    await me.made(`${path}/child`);
    const { properties } = await me.read(await me.made(`${path}/child/grandchild`, { type: 'DataNode' }));
    expect(properties.get(core('groupread'))?.value).toBe(group);
  });
  test('gives way to what the document says', async () => {
    const path = await me.made(me.fresh(), { properties: inheriting });
    const { properties } = await me.read(
      await me.made(`${path}/child`, {
        type: 'DataNode',
        properties: { [core('publicread')]: 'false', [core('groupread')]: 'ivo://example.org/gms?own' },
      }),
    );
    expect([properties.get(core('publicread'))?.value, properties.get(core('groupread'))?.value]).toEqual([
      'false',
      'ivo://example.org/gms?own',
    ]);
  });
  test('is off unless set: a child of a public container is not public', async () => {
    const path = await me.made(me.fresh(), { properties: { [core('publicread')]: 'true', [core('groupread')]: group } });
    const { properties } = await me.read(await me.made(`${path}/child`, { type: 'DataNode' }));
    expect([properties.get(core('publicread'))?.value ?? 'false', properties.get(core('groupread'))?.value ?? '']).toEqual(['false', '']);
  });
});
