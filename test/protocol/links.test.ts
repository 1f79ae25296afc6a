// Links: VOSpace 2.1 section 3.1 and the LinkFound rules of section 6; bytes and transfers follow them, metadata never does.
import { describe, expect, test } from 'vitest';
import { core, query, transferDocument } from './documents.ts';
import { parseXml, readTransfer } from './tree.ts';
import { admin, anonymous, expectFault, expectStatus, newOpenUser, newUser, ours, service, unique, uriOf } from './world.ts';

const me = await newUser('links');

function link(target: string, path = me.fresh('link')): Promise<string> {
  return me.made(path, { type: 'LinkNode', target });
}
/** A chain of links, the last pointing to the target; answers the first. */
async function chain(length: number, target: string): Promise<string> {
  let next = target;
  for (let i = 0; i < length; i += 1) next = uriOf(await link(next));
  return next.slice(uriOf('').length);
}

describe('GET of bytes', () => {
  test('follows a link', async () => {
    const file = await me.stored(me.fresh(), 'linked bytes');
    expect(await me.bytes(await link(uriOf(file)))).toBe('linked bytes');
  });

  test('follows a link in either spelling of the authority', async () => {
    const file = await me.stored(me.fresh(), 'linked bytes');
    for (const separator of ['!', '~']) {
      expect(await me.bytes(await link(uriOf(file, service.authority.replace(/[!~]/g, separator))))).toBe('linked bytes');
    }
  });

  test('follows a link in the path', async () => {
    const container = await me.made(me.fresh());
    await me.made(`${container}/sub`);
    await me.stored(`${container}/sub/file`, 'through a container');
    expect(await me.bytes(`${await link(uriOf(container))}/sub/file`)).toBe('through a container');
  });

  test('follows links in the path and at its end together', async () => {
    const container = await me.made(me.fresh());
    const file = await me.stored(me.fresh(), 'far away');
    await link(uriOf(file), `${container}/inner`);
    expect(await me.bytes(`${await link(uriOf(container))}/inner`)).toBe('far away');
  });

  test('follows 16 links and not 17', async () => {
    const file = await me.stored(me.fresh(), 'at the end');
    const sixteen = await chain(16, uriOf(file));
    expect(await me.bytes(sixteen)).toBe('at the end');
    const answer = await me.get(`/files${await link(uriOf(sixteen))}`);
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.text).toBeLessThan(500);
  });

  test.each([1, 2, 3])('refuses a circle of %i links', async (length) => {
    const paths = Array.from({ length }, () => me.fresh('circle'));
    await Promise.all(paths.map((path, i) => link(uriOf(paths[(i + 1) % length] ?? ''), path)));
    const answer = await me.get(`/files${paths[0]}`);
    expect([400, 404], answer.text).toContain(answer.status);
  });

  test('refuses a circle through a container', async () => {
    const container = await me.made(me.fresh());
    await link(uriOf(`${container}/loop/x`), `${container}/loop`);
    const answer = await me.get(`/files${container}/loop`);
    expect([400, 404], answer.text).toContain(answer.status);
  });

  test('is a 404 when the target does not exist', async () => {
    expectStatus(await me.get(`/files${await link(uriOf(me.fresh()))}`), 404);
  });

  test.each(['https://example.org/data.fits', 'vos://example.org~elsewhere/a', 'urn:x'])(
    'is a 400 when the target is %s',
    async (target) => {
      const answer = await me.get(`/files${await link(target)}`);
      expectStatus(answer, 400);
      expect(answer.header('location')).toBeUndefined();
    },
  );

  test('is a 400 when the target is a container', async () => {
    expectStatus(await me.get(`/files${await link(uriOf(await me.made(me.fresh())))}`), 400);
  });

  test('by HEAD tells the length of the target', async () => {
    const file = await me.stored(me.fresh(), 'linked bytes');
    const answer = await me.send('HEAD', `/files${await link(uriOf(file))}`);
    expect([answer.status, answer.header('content-length')]).toEqual([200, '12']);
  });
});

describe('PUT of bytes', () => {
  test('to a link changes the target and not the link', async () => {
    const file = await me.stored(me.fresh(), 'before');
    const path = await link(uriOf(file));
    expectStatus(await me.put(path, 'after'), 200, 201);
    expect(await me.bytes(file)).toBe('after');
    expect((await me.read(path)).type).toBe('LinkNode');
  });

  test('through a link in the path makes the file in the target', async () => {
    const container = await me.made(me.fresh());
    expectStatus(await me.put(`${await link(uriOf(container))}/file`, 'new'), 201);
    expect(await me.bytes(`${container}/file`)).toBe('new');
  });

  test('to a link whose target is elsewhere is refused', async () => {
    const path = await link('https://example.org/x');
    expectStatus(await me.put(path, 'x'), 400);
    expect((await me.read(path)).target).toBe('https://example.org/x');
  });
});

describe('a transfer', () => {
  test('pulls through a link', async () => {
    const file = await me.stored(me.fresh(), 'pulled');
    const answer = await me.get(
      `/synctrans?${query({ TARGET: uriOf(await link(uriOf(file))), DIRECTION: 'pullFromVoSpace', PROTOCOL: core('httpget') })}`,
    );
    expectStatus(answer, 200);
    const endpoint = readTransfer(parseXml(answer.text)).protocols[0]?.endpoint ?? '';
    expect((await me.get(endpoint)).text).toBe('pulled');
  });

  test('pulls through a link in the path, by a document', async () => {
    const container = await me.made(me.fresh());
    await me.stored(`${container}/file`, 'pulled');
    const started = await me.post('/synctrans', transferDocument({ target: uriOf(`${await link(uriOf(container))}/file`) }));
    expectStatus(started, 303);
    const details = readTransfer(parseXml((await me.get(started.header('location') ?? '')).text));
    expect((await me.get(details.protocols[0]?.endpoint ?? '')).text).toBe('pulled');
  });

  test('pushes through a link to its target', async () => {
    const file = await me.stored(me.fresh(), 'before');
    const path = await link(uriOf(file));
    const answer = await me.get(`/synctrans?${query({ TARGET: uriOf(path), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput') })}`);
    expectStatus(answer, 200);
    const endpoint = readTransfer(parseXml(answer.text)).protocols[0]?.endpoint ?? '';
    expectStatus(await me.send('PUT', endpoint, { body: 'after' }), 200, 201);
    await expect.poll(async () => (await me.read(file)).properties.get(core('length'))?.value, { timeout: 15_000 }).toBe('5');
    expect(await me.bytes(file)).toBe('after');
    expect((await me.read(path)).type).toBe('LinkNode');
  });
});

describe('metadata never follows a link in the path', () => {
  test('for getNode, createNode, setNode and deleteNode alike: LinkFound, with the link and its target in the details', async () => {
    const container = await me.made(me.fresh());
    await me.made(`${container}/child`, { type: 'DataNode' });
    const path = await link(uriOf(container));
    for (const answer of [
      await me.get(`/nodes${path}/child`),
      await me.create(`${path}/new`),
      await me.set(`${path}/child`, {}),
      await me.remove(`${path}/child`),
    ]) {
      expectFault(answer, 'LinkFound', uriOf(path));
      expect(answer.text).toContain(uriOf(container));
    }
  });
});

ours('rights along a link', () => {
  test('are those of the target: a link to what I may not read gives nothing', async () => {
    const other = await newOpenUser('links-other');
    const secret = await other.stored(other.fresh('secret'), 'secret');
    const path = await link(uriOf(secret));
    expectFault(await me.get(`/files${path}`), 'PermissionDenied');
    expectStatus(await me.send('HEAD', `/files${path}`), 403);
    expectFault(await me.put(path, 'mine'), 'PermissionDenied');
    expect(await other.bytes(secret)).toBe('secret');
  });

  test('are the same for a target that exists and one that does not, where I may not look', async () => {
    const other = await newUser('links-closed');
    const secret = await other.stored(other.fresh('secret'), 'secret');
    const answers = await Promise.all([secret, other.fresh('secret')].map(async (target) => me.get(`/files${await link(uriOf(target))}`)));
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });

  test('let me read the public file of another user through my link', async () => {
    const other = await newOpenUser('links-public');
    const file = await other.stored(other.fresh(), 'for all');
    expectStatus(await other.set(file, { properties: { [core('publicread')]: 'true' } }), 200);
    expect(await me.bytes(await link(uriOf(file)))).toBe('for all');
  });

  test('need the right to read the link itself', async () => {
    const other = await newOpenUser('links-hidden');
    const file = await other.stored(other.fresh(), 'for all');
    await other.set(file, { properties: { [core('publicread')]: 'true' } });
    const hidden = await other.made(other.fresh('link'), { type: 'LinkNode', target: uriOf(file) });
    expectFault(await me.get(`/files${hidden}`), 'PermissionDenied');
    expectFault(await anonymous.get(`/files${hidden}`), 'NotAuthenticated');
    expectFault(await me.get(`/nodes${hidden}`), 'PermissionDenied');
  });

  test('hold across top-level containers', async () => {
    const top = `/${unique('top')}`;
    await admin.made(top, { properties: { [core('publicread')]: 'true' } });
    await admin.stored(`${top}/file`, 'of the survey');
    await admin.set(`${top}/file`, { properties: { [core('publicread')]: 'true' } });
    const path = await link(uriOf(top));
    expect(await me.bytes(`${path}/file`)).toBe('of the survey');
    expectStatus(await admin.remove(top), 204);
  });
});
