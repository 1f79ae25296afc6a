// Who may do what: every operation by every kind of client in every kind of container, as one table.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, query } from './documents.ts';
import { admin, anonymous, expectFault, expectStatus, newGroup, newOpenUser, newUser, nodeIn, ours, uriOf, type User } from './world.ts';

type Right = 'none' | 'read' | 'write';
const ACTORS = ['owner', 'administrator', 'reader', 'writer', 'stranger', 'nobody'] as const;
type Actor = (typeof ACTORS)[number];

/** Container → what each actor may do in it and in what it holds; all have the same permissions. */
const PLACES: Record<string, Record<Actor, Right>> = {
  private: { owner: 'write', administrator: 'write', reader: 'none', writer: 'none', stranger: 'none', nobody: 'none' },
  public: { owner: 'write', administrator: 'write', reader: 'read', writer: 'read', stranger: 'read', nobody: 'read' },
  'group-readable': { owner: 'write', administrator: 'write', reader: 'read', writer: 'none', stranger: 'none', nobody: 'none' },
  'group-writable': { owner: 'write', administrator: 'write', reader: 'none', writer: 'write', stranger: 'none', nobody: 'none' },
};

interface Operation {
  readonly needs: 'read' | 'write';
  readonly success: readonly number[];
  /** `file` holds bytes, `fresh` does not exist; both lie in the container. */
  readonly run: (actor: User, container: string, file: string, fresh: string) => Promise<Answer>;
}

const negotiate = (actor: User, path: string, direction: string, protocol: string): Promise<Answer> =>
  actor.get(`/synctrans?${query({ TARGET: uriOf(path), DIRECTION: direction, PROTOCOL: core(protocol) })}`);

const OPERATIONS: Record<string, Operation> = {
  'getNode of the container': { needs: 'read', success: [200], run: (actor, container) => actor.get(`/nodes${container}`) },
  getNode: { needs: 'read', success: [200], run: (actor, _, file) => actor.get(`/nodes${file}`) },
  createNode: { needs: 'write', success: [201], run: (actor, _, __, fresh) => actor.create(fresh, { type: 'DataNode' }) },
  'createNode of a container': { needs: 'write', success: [201], run: (actor, _, __, fresh) => actor.create(fresh) },
  setNode: { needs: 'write', success: [200], run: (actor, _, file) => actor.set(file, { properties: { [core('title')]: 'set' } }) },
  deleteNode: { needs: 'write', success: [204], run: (actor, _, file) => actor.remove(file) },
  'GET of bytes': { needs: 'read', success: [303], run: (actor, _, file) => actor.get(`/files${file}`) },
  'GET of bytes through the service': { needs: 'read', success: [200], run: (actor, _, file) => actor.get(`/files${file}?via=service`) },
  'HEAD of bytes': { needs: 'read', success: [200], run: (actor, _, file) => actor.send('HEAD', `/files${file}`) },
  'PUT of bytes over a file': { needs: 'write', success: [200, 201], run: (actor, _, file) => actor.put(file, 'other bytes') },
  'PUT of a new file': { needs: 'write', success: [201], run: (actor, _, __, fresh) => actor.put(fresh, 'new bytes') },
  'negotiation of a download': {
    needs: 'read',
    success: [200],
    run: (actor, _, file) => negotiate(actor, file, 'pullFromVoSpace', 'httpget'),
  },
  'negotiation of an upload': {
    needs: 'write',
    success: [200],
    run: (actor, _, __, fresh) => negotiate(actor, fresh, 'pushToVoSpace', 'httpput'),
  },
};

ours('the table', async () => {
  const owner = await newOpenUser('owner');
  const readers = await newGroup(owner, []);
  const reader = await newUser('reader', { groups: [readers] });
  const writer = await newUser('writer', { idle: true });
  const writers = await newGroup(owner, [writer]);
  const stranger = await newUser('stranger');
  const actors: Record<Actor, User> = { owner, administrator: admin, reader, writer, stranger, nobody: anonymous };
  const permissions: Record<string, Record<string, string>> = {
    private: {},
    public: { [core('publicread')]: 'true' },
    'group-readable': { [core('groupread')]: readers },
    'group-writable': { [core('groupwrite')]: writers },
  };
  const containers: Record<string, string> = {};
  beforeAll(async () => {
    for (const [place, properties] of Object.entries(permissions)) containers[place] = await owner.made(owner.fresh(place), { properties });
  });

  for (const [place, rights] of Object.entries(PLACES)) {
    describe(`in a ${place} container`, () => {
      for (const [name, { needs, success, run }] of Object.entries(OPERATIONS)) {
        test.each(ACTORS)(`${name} by the %s is as the table says`, async (who) => {
          const container = containers[place] ?? '';
          const [file, fresh] = [owner.fresh(), owner.fresh()].map((path) => path.replace(owner.home, container)) as [string, string];
          await owner.stored(file, 'the bytes');
          expectStatus(await owner.set(file, { properties: permissions[place] ?? {} }), 200);
          const answer = await run(actors[who], container, file, fresh);
          if (rights[who] === 'write' || rights[who] === needs) {
            expectStatus(answer, ...success);
          } else {
            if (name.startsWith('HEAD')) expectStatus(answer, who === 'nobody' ? 401 : 403);
            else expectFault(answer, who === 'nobody' ? 'NotAuthenticated' : 'PermissionDenied');
            const after = await owner.read(file);
            expect([after.properties.get(core('length'))?.value, after.properties.has(core('title'))]).toEqual(['9', false]);
            expectStatus(await owner.get(`/nodes${fresh}`), 404);
          }
        });
      }
    });
  }

  describe('what may not be seen', () => {
    test.each(['stranger', 'nobody', 'reader'] as const)('looks the same to the %s whether it exists or not', async (who) => {
      const container = containers['private'] ?? '';
      const [existing, missing] = [`${container}/same-length-a`, `${container}/same-length-b`];
      if ((await owner.get(`/nodes${existing}`)).status === 404) await owner.stored(existing, 'x');
      for (const [name, { run }] of Object.entries(OPERATIONS)) {
        const [first, second] = await Promise.all([existing, missing].map((path) => run(actors[who], path, path, path)));
        const body = (answer: Answer | undefined): string | undefined => answer?.text.replaceAll(/same-length-[ab]/g, 'x');
        expect([second?.status, body(second)], name).toEqual([first?.status, body(first)]);
      }
      const [child, lost] = await Promise.all([existing, missing].map((path) => actors[who].get(`/nodes${path}/child`)));
      expect(lost?.status).toBe(child?.status);
    });

    test('is not told by the listing of a container that may be seen: a private child answers as its own getNode does', async () => {
      const place = await owner.made(owner.fresh(), { properties: { [core('publicread')]: 'true' } });
      const child = await owner.made(`${place}/private`, { type: 'DataNode', properties: { [core('title')]: 'secret title' } });
      expectFault(await stranger.get(`/nodes${child}`), 'PermissionDenied');
      expect((await stranger.get(`/nodes${place}`)).text).not.toContain('secret title');
      expect((await anonymous.get(`/nodes${place}?detail=max`)).text).not.toContain('secret title');
    });

    test('is a true 404 to those who may read the container', async () => {
      const container = containers['group-readable'] ?? '';
      expectFault(await reader.get(`/nodes${container}/absent`), 'NodeNotFound');
      expectFault(await stranger.get(`/nodes${containers['public'] ?? ''}/absent`), 'NodeNotFound');
    });
  });

  describe('the rights above a node', () => {
    test('decide before its own: a public file in a private container is private', async () => {
      const file = await owner.stored(`${containers['private'] ?? ''}/public-file`, 'x');
      await owner.set(file, { properties: { [core('publicread')]: 'true', [core('groupread')]: readers, [core('groupwrite')]: writers } });
      for (const actor of [reader, writer, stranger]) {
        expectFault(await actor.get(`/nodes${file}`), 'PermissionDenied');
        expectFault(await actor.get(`/files${file}`), 'PermissionDenied');
        expectFault(await actor.put(file, 'y'), 'PermissionDenied');
      }
      expectFault(await anonymous.get(`/files${file}`), 'NotAuthenticated');
    });
    test('are not those of the node: a private file in a public container is private', async () => {
      const file = await owner.stored(`${containers['public'] ?? ''}/private-file`, 'x');
      expectFault(await stranger.get(`/nodes${file}`), 'PermissionDenied');
      expectFault(await anonymous.get(`/files${file}`), 'NotAuthenticated');
    });
  });

  describe('a member of the writing group', () => {
    test.each(['publicread', 'ispublic', 'groupread', 'groupwrite', 'immutable'])('cannot change %s', async (name) => {
      const file = await owner.stored(`${containers['group-writable'] ?? ''}/${name}`, 'x');
      await owner.set(file, { properties: { [core('groupwrite')]: writers } });
      const value = name.startsWith('group') ? readers : 'true';
      expectFault(await writer.set(file, { properties: { [core(name)]: value } }), 'PermissionDenied');
      expectFault(await stranger.get(`/nodes${file}`), 'PermissionDenied');
    });
    test('owns what it makes there', async () => {
      const path = `${containers['group-writable'] ?? ''}/own`;
      const node = nodeIn(await writer.create(path, { type: 'DataNode' }), 201);
      expect(node.properties.get(core('creator'))?.value).toContain(writer.name);
      expectStatus(await writer.set(path, { properties: { [core('publicread')]: 'true' } }), 200);
    });
  });

  describe("one's own top-level container", () => {
    test('is private until its owner opens it', async () => {
      expectStatus(await reader.get(`/nodes${reader.home}`), 200);
      expectFault(await stranger.get(`/nodes${reader.home}`), 'PermissionDenied');
      expectFault(await anonymous.get(`/nodes${reader.home}`), 'NotAuthenticated');
    });
    test('names its owner as creator', async () => {
      expect((await reader.read(reader.home)).properties.get(core('creator'))?.value).toContain(reader.name);
    });
  });
});

describe('credentials', async () => {
  const user = await newUser('credentials');
  test.each([
    ['a wrong password', () => `Basic ${btoa(`${user.name}:wrong`)}`],
    ['an unknown user', () => `Basic ${btoa('no-such-user-at-all:wrong')}`],
    ['no password', () => `Basic ${btoa(user.name)}`],
    ['broken base64', () => 'Basic %%%'],
    ['nothing after the scheme', () => 'Basic'],
    ['an unknown scheme', () => 'Magic abc'],
    ['a made-up token', () => 'Bearer aaa.bbb.ccc'],
  ])('that are %s are refused with 401, even where everyone may read', async (_, authorization) => {
    const answer = await anonymous.get('/nodes?limit=0', { authorization: authorization() });
    expect([answer.status, answer.header('www-authenticate') !== undefined]).toEqual([401, true]);
  });
  test('may be sent with the scheme in any case', async () => {
    const { user: name = '', password = '' } = user.credentials ?? {};
    expectStatus(await anonymous.get(`/nodes${user.home}`, { authorization: `bASIC ${btoa(`${name}:${password}`)}` }), 200);
  });
  test('are asked for in a form that clients know', async () => {
    expect((await anonymous.get(`/nodes${user.home}`)).header('www-authenticate')).toMatch(/\bBasic\b/i);
  });
});

ours('GET /me', () => {
  test('tells who asks and in which groups', async () => {
    const member = await newUser('me-member', { idle: true });
    const group = await newGroup(await newUser('me-owner'), [member]);
    expect(JSON.parse((await member.get('/me')).text)).toMatchObject({ user: member.name, groups: [group] });
  });
  test('refuses the anonymous', async () => {
    expectFault(await anonymous.get('/me'), 'NotAuthenticated');
  });
});
