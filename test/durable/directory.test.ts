// The directory in workerd, on its real database: users, passwords, groups, and who may change them.
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { Actor, DirectoryPort } from '../../src/auth/directory-port.ts';
import { asFault } from '../../src/faults.ts';
import { parseGroupUri, parseUserId, type GroupUri, type UserId } from '../../src/model/principal.ts';
import { sha256Hex } from '../../src/model/secret.ts';

const ISSUER = 'https://issuer.example';
let made = 0;

function newStub() {
  const { DIRECTORY } = env as unknown as { DIRECTORY: DurableObjectNamespace };
  // A directory for each test, so that none needs the others gone.
  return DIRECTORY.get(DIRECTORY.idFromName(`directory ${made++}`));
}

function newDirectory(): DirectoryPort {
  return newStub() as unknown as DirectoryPort;
}

function user(text: string): UserId {
  const id = parseUserId(text);
  if (id === undefined) throw new Error(`${text} is not a user's name`);
  return id;
}

function group(text: string): GroupUri {
  const uri = parseGroupUri(text);
  if (uri === undefined) throw new Error(`${text} is not a group's URI`);
  return uri;
}

const ADMIN: Actor = { user: user('admin'), admin: true };
const ADA: Actor = { user: user('ada'), admin: false };
const BOB: Actor = { user: user('bob'), admin: false };
const own = (name: string) => group(`ivo://localhost~vospace/gms?${name}`);

/** The name of the fault that a call ends with: it has crossed the RPC border. */
async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return asFault(error)?.fault ?? `no fault: ${String(error)}`;
  }
  return 'none';
}

async function isAccepted(directory: DirectoryPort, id: UserId, password: string): Promise<boolean> {
  const [pwid = '', secret = ''] = password.split('.');
  return (await directory.verify(id, pwid, await sha256Hex(secret))) !== undefined;
}

const groupsOf = async (directory: DirectoryPort, { user: id }: Actor) => (await directory.ensureUser(id, 'certificate'))?.groups;

describe('users and passwords', () => {
  it('are made together, and the password is accepted with the groups of the user', async () => {
    const directory = newDirectory();
    const { password, pwid } = await directory.createUser(ADMIN, ADA.user, { groups: ['stars', own('nebulae')] });
    expect(password).toMatch(/^[\w-]{12}\.[\w-]{43}$/);
    expect(password.startsWith(`${pwid}.`)).toBe(true);
    expect(await directory.verify(ADA.user, pwid, await sha256Hex(password.split('.')[1] ?? ''))).toEqual({
      groups: [own('nebulae'), own('stars')],
    });
    expect(await faultOf(directory.createUser(ADMIN, ADA.user))).toBe('Conflict');
    expect(await faultOf(directory.createUser(ADMIN, '../x' as UserId))).toBe('InvalidArgument');
  });

  it('leave nothing behind when a group of theirs cannot be made', async () => {
    const directory = newDirectory();
    expect(await faultOf(directory.createUser(ADMIN, ADA.user, { groups: ['stars', 'not a name'] }))).toBe('InvalidArgument');
    expect((await directory.listUsers()).items).toEqual([]);
    expect((await directory.listGroups(ADMIN)).items).toEqual([]);
  });

  it('keep no secret in the database', async () => {
    const stub = newStub();
    const { password, pwid } = await (stub as unknown as DirectoryPort).createUser(ADMIN, ADA.user);
    const secret = password.split('.')[1] ?? '';
    await runInDurableObject(stub, async (_: unknown, state: DurableObjectState) => {
      const rows = JSON.stringify(state.storage.sql.exec('SELECT * FROM passwords').toArray());
      expect(rows).toContain(pwid);
      expect(rows).toContain(await sha256Hex(secret));
      expect(rows).not.toContain(secret);
    });
  });

  it('are accepted only all three together', async () => {
    const directory = newDirectory();
    const ada = await directory.createUser(ADMIN, ADA.user);
    const bob = await directory.createUser(ADMIN, BOB.user);
    const hash = await sha256Hex(ada.password.split('.')[1] ?? '');
    expect(await directory.verify(ADA.user, ada.pwid, hash)).toBeDefined();
    expect(await directory.verify(BOB.user, ada.pwid, hash)).toBeUndefined();
    expect(await directory.verify(ADA.user, bob.pwid, hash)).toBeUndefined();
    expect(await directory.verify(ADA.user, ada.pwid, hash.slice(0, -1))).toBeUndefined();
    expect(await directory.verify(ADA.user, ada.pwid, '')).toBeUndefined();
  });

  it('come one by one, and are revoked one by one by their own user', async () => {
    const directory = newDirectory();
    const first = await directory.createUser(ADMIN, ADA.user);
    const second = await directory.addPassword(ADA.user, 'laptop');
    expect((await directory.listPasswords(ADA.user)).map(({ label }) => label)).toEqual(['first password', 'laptop']);
    expect(await faultOf(directory.revokePassword(BOB.user, first.pwid))).toBe('NotFound');
    await directory.revokePassword(ADA.user, first.pwid);
    expect(await faultOf(directory.revokePassword(ADA.user, first.pwid))).toBe('NotFound');
    expect(await isAccepted(directory, ADA.user, first.password)).toBe(false);
    expect(await isAccepted(directory, ADA.user, second.password)).toBe(true);
    const [left, ...more] = await directory.listPasswords(ADA.user);
    expect(more).toEqual([]);
    expect(left?.lastUsed).toBeGreaterThan(0);
    expect(await faultOf(directory.addPassword(BOB.user, ''))).toBe('NotFound');
  });

  it('number at most a hundred', async () => {
    const directory = newDirectory();
    await directory.createUser(ADMIN, ADA.user);
    for (let i = 1; i < 100; i++) await directory.addPassword(ADA.user, String(i));
    expect(await faultOf(directory.addPassword(ADA.user, '100'))).toBe('Conflict');
  });

  it('are all over when the user is deleted, and no issuer brings him back', async () => {
    const directory = newDirectory();
    const { password } = await directory.createUser(ADMIN, ADA.user, { groups: ['stars'] });
    await directory.addPassword(ADA.user, 'laptop');
    expect(await directory.deleteUser(ADA.user)).toEqual({ passwords: 2, memberships: 1 });
    expect(await isAccepted(directory, ADA.user, password)).toBe(false);
    expect(await directory.ensureUser(ADA.user, ISSUER)).toBeUndefined();
    expect(await directory.ensureUser(ADA.user, 'certificate')).toBeUndefined();
    expect((await directory.listUsers()).items).toEqual([]);
    expect(await faultOf(directory.deleteUser(ADA.user))).toBe('NotFound');
    expect(await faultOf(directory.addPassword(ADA.user, ''))).toBe('NotFound');
    const again = await directory.createUser(ADMIN, ADA.user);
    expect(await isAccepted(directory, ADA.user, again.password)).toBe(true);
    expect(await isAccepted(directory, ADA.user, password)).toBe(false);
    expect(await groupsOf(directory, ADA)).toEqual([]);
  });

  it('are listed page by page in the order of their names', async () => {
    const directory = newDirectory();
    for (const name of ['e', 'b', 'd', 'a', 'c']) await directory.createUser(ADMIN, user(name));
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await directory.listUsers(after, 2);
      seen.push(...page.items.map((item) => item.user));
      after = page.next;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await faultOf(directory.listUsers('', 0))).toBe('InvalidArgument');
  });

  it('survive an eviction, and know whose container has been made', async () => {
    const stub = newStub();
    const directory = stub as unknown as DirectoryPort;
    const { password } = await directory.createUser(ADMIN, ADA.user);
    expect(await directory.homeMade(ADA.user)).toBe(false);
    await directory.markHome(ADA.user);
    await directory.markHome(ADA.user);
    const { evictDurableObject } = await import('cloudflare:test');
    await evictDurableObject(stub);
    expect(await isAccepted(directory, ADA.user, password)).toBe(true);
    expect(await directory.homeMade(ADA.user)).toBe(true);
  });
});

describe('users of issuers and certificates', () => {
  it('are made at first sight', async () => {
    const directory = newDirectory();
    expect(await directory.ensureUser(ADA.user, ISSUER)).toEqual({ groups: [] });
    expect(await directory.ensureUser(BOB.user, 'certificate')).toEqual({ groups: [] });
    expect((await directory.listUsers()).items).toMatchObject([{ user: 'ada', issuer: ISSUER }, { user: 'bob' }]);
  });

  it('cannot take the name of somebody who is not of the same issuer', async () => {
    const directory = newDirectory();
    await directory.createUser(ADMIN, ADA.user);
    expect(await faultOf(directory.ensureUser(ADA.user, ISSUER))).toBe('PermissionDenied');
    await directory.ensureUser(BOB.user, ISSUER);
    expect(await faultOf(directory.ensureUser(BOB.user, 'https://other.example'))).toBe('PermissionDenied');
    expect(await faultOf(directory.createUser(ADMIN, BOB.user))).toBe('Conflict');
    await directory.createUser(ADMIN, user('eve'), { issuer: ISSUER });
    expect(await directory.ensureUser(user('eve'), ISSUER)).toEqual({ groups: [] });
  });

  it('always have the administrator of the configuration among them', async () => {
    const directory = newDirectory();
    await directory.ensureUser(ADMIN.user, 'config');
    await directory.deleteUser(ADMIN.user);
    expect(await directory.ensureUser(ADMIN.user, 'config')).toEqual({ groups: [] });
  });

  it('have the groups of their token, but for those that are made and kept here', async () => {
    const directory = newDirectory();
    await directory.createGroup(BOB, 'secret', [BOB.user]);
    await directory.createGroup(BOB, 'friends', [ADA.user]);
    const claimed = [own('secret'), own('cms'), own('cms/prod'), group('ivo://other.org/gms?x'), own('friends')];
    expect(await directory.ensureUser(ADA.user, ISSUER, claimed)).toEqual({
      groups: [own('friends'), own('cms'), own('cms/prod'), group('ivo://other.org/gms?x')],
    });
  });

  it('do not share the groups of their issuer with whoever makes one of that name later', async () => {
    const directory = newDirectory();
    await directory.ensureUser(ADA.user, ISSUER, [own('cms')]);
    expect(await faultOf(directory.createGroup(BOB, 'cms', [BOB.user]))).toBe('Conflict');
    expect(await faultOf(directory.addMember(ADMIN, 'cms', BOB.user))).toBe('PermissionDenied');
    expect(await directory.getGroup(ADMIN, 'cms')).not.toHaveProperty('members');
    expect(await directory.ensureUser(ADA.user, ISSUER, [own('cms')])).toEqual({ groups: [own('cms')] });
  });
});

describe('groups', () => {
  it('are made by any user and named by an IVOID', async () => {
    const directory = newDirectory();
    expect(await directory.createGroup(ADA, 'stars', [BOB.user])).toMatchObject({
      uri: own('stars'),
      name: 'stars',
      owner: 'ada',
      members: ['bob'],
    });
    expect(await groupsOf(directory, BOB)).toEqual([own('stars')]);
    expect(await groupsOf(directory, ADA)).toEqual([]);
    expect(await faultOf(directory.createGroup(BOB, 'stars'))).toBe('Conflict');
  });

  it.each(['', 'a b', 'a,b', 'a/b', 'a?b', '-a', 'ä', 'a'.repeat(129)])('are not named %j', async (name) => {
    expect(await faultOf(newDirectory().createGroup(ADA, name))).toBe('InvalidArgument');
  });

  const EVE: Actor = { user: user('eve'), admin: false };
  it.each([
    ['the owner', ADA, { sees: true, adds: 'none', removes: 'none', deletes: 'none' }],
    ['an administrator', ADMIN, { sees: true, adds: 'none', removes: 'none', deletes: 'none' }],
    ['a member', BOB, { sees: true, adds: 'PermissionDenied', removes: 'none', deletes: 'PermissionDenied' }],
    ['somebody else', EVE, { sees: false, adds: 'PermissionDenied', removes: 'PermissionDenied', deletes: 'PermissionDenied' }],
  ])('are seen and changed by %s as far as he may', async (_, actor, may) => {
    const directory = newDirectory();
    await directory.createGroup(ADA, 'stars', [BOB.user]);
    expect('members' in (await directory.getGroup(actor, 'stars'))).toBe(may.sees);
    expect((await directory.listGroups(actor)).items.length > 0).toBe(may.sees);
    expect(await faultOf(directory.addMember(actor, 'stars', user('carl')))).toBe(may.adds);
    expect(await faultOf(directory.removeMember(actor, 'stars', BOB.user))).toBe(may.removes);
    expect(await faultOf(directory.deleteGroup(actor, 'stars'))).toBe(may.deletes);
  });

  it('say whether somebody was a member before', async () => {
    const directory = newDirectory();
    await directory.createGroup(ADA, 'stars');
    expect(await directory.addMember(ADA, 'stars', BOB.user)).toEqual({ changed: true });
    expect(await directory.addMember(ADA, 'stars', BOB.user)).toEqual({ changed: false });
    expect(await faultOf(directory.removeMember(ADA, 'stars', user('eve')))).toBe('NotFound');
    expect(await faultOf(directory.addMember(ADA, 'galaxies', BOB.user))).toBe('NotFound');
  });

  it('are gone when deleted, and their name falls to nobody else', async () => {
    const directory = newDirectory();
    await directory.createGroup(ADA, 'stars', [BOB.user]);
    await directory.deleteGroup(ADA, 'stars');
    expect(await groupsOf(directory, BOB)).toEqual([]);
    expect(await faultOf(directory.getGroup(ADA, 'stars'))).toBe('NotFound');
    expect(await faultOf(directory.createGroup(BOB, 'stars'))).toBe('Conflict');
    expect(await directory.createGroup(ADA, 'stars')).toMatchObject({ owner: 'ada', members: [] });
  });
});
