// Quotas: visible bytes never exceed them, whichever way the bytes come.
import { expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, query, transferDocument } from './documents.ts';
import { parseXml, readTransfer } from './tree.ts';
import { admin, expectFault, expectStatus, newUser, ours, uriOf, type User } from './world.ts';

const QUOTA = core('quota');
const AVAILABLE = core('availableSpace');

async function limited(bytes: number): Promise<User> {
  const user = await newUser('quota');
  expectStatus(await admin.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: String(bytes) } }), 200);
  return user;
}
async function available(user: User): Promise<number> {
  return Number((await user.read(user.home, '?limit=0')).properties.get(AVAILABLE)?.value);
}
function negotiate(user: User, path: string, length?: number): Promise<Answer> {
  return user.post(
    '/synctrans',
    transferDocument({
      target: uriOf(path),
      direction: 'pushToVoSpace',
      protocols: [core('httpput')],
      ...(length !== undefined && { length }),
    }),
  );
}
async function jobOf(answer: Answer): Promise<string> {
  expectStatus(answer, 303);
  return (answer.header('location') ?? '').replace('/results/transferDetails', '');
}

ours('a quota', () => {
  test('is set by an administrator, and shown with the space that is left', async () => {
    const user = await limited(1_000);
    const { properties } = await user.read(user.home);
    expect([properties.get(QUOTA)?.value, properties.get(AVAILABLE)]).toEqual(['1000', { value: '1000', readOnly: true }]);
    await user.stored(user.fresh(), 'x'.repeat(300));
    expect(await available(user)).toBe(700);
  });

  test('cannot be set by the user', async () => {
    const user = await limited(1_000);
    expectFault(await user.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: '1000000' } }), 'PermissionDenied', QUOTA);
    expectFault(await user.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: null } }), 'PermissionDenied');
    expectStatus(await user.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: '1000' } }), 200);
    expect(await available(user)).toBe(1_000);
  });

  test.each(['many', '-1', '1.5', '1e3'])('refuses the value %j', async (value) => {
    const user = await limited(1_000);
    expectFault(await admin.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: value } }), 'InvalidArgument', QUOTA);
  });

  test('can be raised and taken away', async () => {
    const user = await limited(10);
    expectFault(await user.put(user.fresh(), 'x'.repeat(20)), 'QuotaExceeded');
    expectStatus(await admin.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: '20' } }), 200);
    await user.stored(user.fresh(), 'x'.repeat(20));
    expectStatus(await admin.set(user.home, { type: 'ContainerNode', properties: { [QUOTA]: null } }), 200);
    await user.stored(user.fresh(), 'x'.repeat(200));
  });

  test('can be used up to the last byte, and not one more', async () => {
    const user = await limited(1_000);
    await user.stored(user.fresh(), 'x'.repeat(1_000));
    expect(await available(user)).toBe(0);
    const path = user.fresh();
    expectFault(await user.put(path, 'x'), 'QuotaExceeded');
    expectStatus(await user.get(`/nodes${path}`), 404);
  });

  test('refuses one file that is larger, with nothing left behind', async () => {
    const user = await limited(1_000);
    const path = user.fresh();
    expectFault(await user.put(path, 'x'.repeat(1_001)), 'QuotaExceeded');
    expectStatus(await user.get(`/nodes${path}`), 404);
    expect(await available(user)).toBe(1_000);
  });

  test('leaves a file as it was when its replacement is too large', async () => {
    const user = await limited(1_000);
    const path = await user.stored(user.fresh(), 'before');
    expectFault(await user.put(path, 'x'.repeat(2_000)), 'QuotaExceeded');
    expect(await user.bytes(path)).toBe('before');
    expect(await available(user)).toBe(994);
  });

  test('holds for a body without Content-Length', async () => {
    const user = await limited(1_000);
    const path = user.fresh();
    const answer = await user.send('PUT', `/files${path}`, {
      body: 'x'.repeat(2_000),
      chunked: true,
      headers: { 'transfer-encoding': 'chunked' },
    });
    expectStatus(answer, 411, 413);
    expectStatus(await user.get(`/nodes${path}`), 404);
  });

  test('takes empty files and containers when it is used up', async () => {
    const user = await limited(0);
    await user.made(user.fresh());
    await user.stored(user.fresh(), '');
  });

  test('gives back what a deletion frees', async () => {
    const user = await limited(1_000);
    const container = await user.made(user.fresh());
    await user.stored(`${container}/a`, 'x'.repeat(500));
    await user.stored(`${container}/b`, 'x'.repeat(500));
    expectStatus(await user.remove(container), 204);
    await expect.poll(() => available(user), { timeout: 15_000 }).toBe(1_000);
    await user.stored(user.fresh(), 'x'.repeat(1_000));
  });

  test('counts a replaced file once', async () => {
    const user = await limited(1_000);
    const path = await user.stored(user.fresh(), 'x'.repeat(400));
    expectStatus(await user.put(path, 'y'.repeat(100)), 200, 201);
    expect(await available(user)).toBe(900);
  });

  test('refuses an upload that states too great a length when it is negotiated', async () => {
    const user = await limited(1_000);
    const job = await jobOf(await negotiate(user, user.fresh(), 1_001));
    expect((await user.get(`${job}/phase`)).text).toBe('ERROR');
    expect((await user.get(`${job}/error`)).text).toMatch(/^QuotaExceeded/);
    expect(readTransfer(parseXml((await user.get(`${job}/results/transferDetails`)).text)).protocols).toEqual([]);
  });

  test('refuses at the end an upload that did not state its length', async () => {
    const user = await limited(1_000);
    const path = user.fresh();
    const answer = await user.get(`/synctrans?${query({ TARGET: uriOf(path), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput') })}`);
    // A service may also refuse because the space it sets aside for an upload of unknown length is more than is left.
    if (answer.status === 413) return expectFault(answer, 'QuotaExceeded');
    expectStatus(answer, 200);
    await user.send('PUT', readTransfer(parseXml(answer.text)).protocols[0]?.endpoint ?? '', { body: 'x'.repeat(2_000) });
    await expect.poll(async () => (await user.get(`/nodes${path}`)).status, { timeout: 15_000 }).toBe(404);
    expect(await available(user)).toBe(1_000);
    return undefined;
  });

  test('refuses at the end an upload that is longer than it stated', async () => {
    const user = await limited(1_000);
    const path = user.fresh();
    const job = await jobOf(await negotiate(user, path, 10));
    const { protocols } = readTransfer(parseXml((await user.get(`${job}/results/transferDetails`)).text));
    await user.send('PUT', protocols[0]?.endpoint ?? '', { body: 'x'.repeat(2_000) });
    await expect.poll(async () => (await user.get(`${job}/phase`)).text, { timeout: 15_000 }).toBe('ERROR');
    expectStatus(await user.get(`/nodes${path}`), 404);
  });

  test('is never exceeded by many uploads at once', async () => {
    const user = await limited(1_000);
    const paths = Array.from({ length: 10 }, () => user.fresh());
    const statuses = await Promise.all(paths.map(async (path) => (await user.put(path, 'x'.repeat(300))).status));
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(3);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 201 && status !== 413)).toEqual([]);
    const { nodes = [] } = await user.read(user.home);
    const visible = nodes.reduce((sum, node) => sum + Number(node.properties.get(core('length'))?.value ?? 0), 0);
    expect(visible).toBe(300 * statuses.filter((status) => status === 201).length);
    expect(await available(user)).toBe(1_000 - visible);
  });

  test('of one user does not limit another', async () => {
    await limited(0);
    const other = await limited(100);
    await other.stored(other.fresh(), 'x'.repeat(100));
  });

  test('also limits what an administrator puts there', async () => {
    const user = await limited(10);
    expectFault(await admin.put(user.fresh(), 'x'.repeat(11)), 'QuotaExceeded');
  });
});
