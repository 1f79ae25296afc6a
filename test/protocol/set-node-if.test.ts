// setNode with a condition: the entity tag of a node's description, and If-Match.
import { describe, expect } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { core } from './documents.ts';
import { expectFault, expectStatus, newUser, oursOnly, service, uriOf } from './world.ts';

const me = await newUser('if');
const TITLE = core('title');

async function tagOf(path: string, query = '', headers: Record<string, string> = {}): Promise<string> {
  const answer = await me.get(`/nodes${path}${query}`, headers);
  expectStatus(answer, 200);
  return answer.header('etag') ?? '';
}
function setIf(tag: string, path: string, properties: Record<string, string | null>) {
  return me.send('POST', `/nodes${path}`, {
    body: JSON.stringify({ uri: uriOf(path), properties }),
    headers: { 'content-type': 'application/json', 'if-match': tag },
  });
}

describe('the entity tag of a node', () => {
  oursOnly('is the same in XML and in JSON, with all children or none', async () => {
    const path = await me.made(me.fresh(), { type: 'ContainerNode', properties: { [TITLE]: 'x' } });
    const tag = await tagOf(path);
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    await me.made(`${path}/child`);
    expect(await tagOf(path, '?limit=0&detail=properties', { accept: 'application/json' })).toBe(tag);
  });

  oursOnly('is told of each child in JSON, where it is asked for', async () => {
    const folder = await me.made(me.fresh(), { type: 'ContainerNode' });
    const path = await me.made(`${folder}/child`, { properties: { [TITLE]: 'x' } });
    const listed = async (query: string) => {
      const { text } = await me.get(`/nodes${folder}${query}`, { accept: 'application/json' });
      return (JSON.parse(text) as { nodes: readonly { tag?: string }[] }).nodes.map(({ tag }) => tag);
    };
    expect(await listed('?tags=true')).toEqual([(await tagOf(path)).replaceAll('"', '')]);
    expect(await listed('')).toEqual([undefined]);
  });

  oursOnly('is another when a property, the access or a flag has changed, and that of before when it is set back', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [TITLE]: 'x' } });
    const first = await tagOf(path);
    const seen = new Set([first]);
    for (const [uri, value] of [
      [TITLE, 'y'],
      [core('publicread'), 'true'],
      [core('groupread'), `ivo://${service.authority}/gms?a`],
      [core('immutable'), 'true'],
    ] as const) {
      const answer = await me.set(path, { properties: { [uri]: value } });
      expect(answer.header('etag')).toBe(await tagOf(path));
      seen.add(await tagOf(path));
    }
    expect(seen.size).toBe(5);
    await me.set(path, {
      properties: { [TITLE]: 'x', [core('publicread')]: 'false', [core('groupread')]: '', [core('immutable')]: 'false' },
    });
    expect(await tagOf(path)).toBe(first);
  });

  oursOnly('is not there with detail=min, which tells no properties', async () => {
    expect(await tagOf(me.home, '?detail=min')).toBe('');
  });
});

describe('setNode with If-Match', () => {
  oursOnly('changes the node that has one of the tags, and no other', async () => {
    const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [TITLE]: 'x' } });
    const tag = await tagOf(path);
    const mine = await setIf(`"other", W/${tag}`, path, { [TITLE]: 'y' });
    expectStatus(mine, 200);
    expectFault(await setIf(tag, path, { [TITLE]: 'z' }), 'PreconditionFailed');
    expect((await me.read(path)).properties.get(TITLE)?.value).toBe('y');
    expectStatus(await setIf(mine.header('etag') ?? '', path, { [TITLE]: 'z' }), 200);
    expectStatus(await setIf('*', path, { [TITLE]: null }), 200);
  });

  oursOnly('lets one of several win that ask at once', async () => {
    const path = await me.made(me.fresh());
    const tag = await tagOf(path);
    const statuses = await Promise.all(['a', 'b', 'c'].map(async (value) => (await setIf(tag, path, { [TITLE]: value })).status));
    expect(statuses.toSorted()).toEqual([200, 412, 412]);
  });

  oursOnly('is no way to learn of what one may not read', async () => {
    const other = await newUser('stranger');
    const path = await me.made(me.fresh());
    const asked = (at: string) =>
      other.send('POST', `/nodes${at}`, {
        body: JSON.stringify({ uri: uriOf(at), properties: {} }),
        headers: { 'content-type': 'application/json', 'if-match': '"x"' },
      });
    expectFault(await asked(path), 'PermissionDenied');
    expectFault(await asked(`${path}-not-there`), 'PermissionDenied');
  });
});

oursOnly('the client sets under a condition, and says that it does not hold', async () => {
  const path = await me.made(me.fresh(), { type: 'DataNode', properties: { [TITLE]: 'x' } });
  const space = connect(service.base, { credentials: me.credentials });
  const { tag } = (await space.nodes.get(path)).node;
  await space.nodes.set(path, { properties: { [TITLE]: 'y' } }, { condition: tag });
  await expect(space.nodes.set(path, { properties: { [TITLE]: 'z' } }, { condition: tag })).rejects.toMatchObject({
    fault: 'PreconditionFailed',
    status: 412,
  });
});
