// /uploads: large files in parts, whose bytes go straight to the store.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { expectFailure, negotiate } from './negotiate.ts';
import { begin, complete, items, MIB, noise, parsed, postJson, sendParts, state, type UploadItem } from './send-parts.ts';
import { admin, anonymous, expectFault, expectStatus, newOpenUser, newUser, ours, uriOf, type User } from './world.ts';

const me = await newUser('uploads');
const LENGTH = 11 * MIB;
const BYTES = noise(LENGTH);
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

async function bytesOf(user: User, path: string): Promise<Uint8Array> {
  const answer = await user.get(`/files${path}?via=service`);
  expectStatus(answer, 200);
  return answer.bytes;
}
const inParts = (path: string, more: object = {}): Promise<UploadItem> =>
  begin(me, { uri: uriOf(path), length: LENGTH, parts: true, ...more });

async function limited(bytes: number): Promise<User> {
  const user = await newUser('uploads');
  expectStatus(await admin.set(user.home, { type: 'ContainerNode', properties: { [core('quota')]: String(bytes) } }), 200);
  return user;
}
async function available(user: User): Promise<number> {
  return Number((await user.read(user.home, '?limit=0')).properties.get(core('availableSpace'))?.value);
}

ours('an upload in parts', () => {
  test('has equal parts of at least 5 MiB, and becomes one file when it is completed', async () => {
    const path = me.fresh();
    const upload = await inParts(path, { type: 'image/fits' });
    expect(upload).toMatchObject({ uri: uriOf(path), phase: 'PENDING', length: LENGTH, partSize: 5 * MIB, partCount: 3 });
    expect(upload.parts?.map(({ number, size }) => [number, size])).toEqual([
      [1, 5 * MIB],
      [2, 5 * MIB],
      [3, MIB],
    ]);
    expect((await me.read(path)).busy).toBe('true');
    await sendParts(upload, BYTES, [3, 1, 2]);
    expectStatus(await me.get(`/files${path}`), 409);
    expect(parsed(await complete(me, upload))).toMatchObject({ phase: 'COMPLETED', uri: uriOf(path), received: LENGTH });
    const { properties, busy } = await me.read(path);
    expect([properties.get(core('length'))?.value, properties.get(core('type'))?.value, busy]).toEqual([
      String(LENGTH),
      'image/fits',
      'false',
    ]);
    expect(md5(await bytesOf(me, path))).toBe(md5(BYTES));
    const ranged = await me.send('GET', `/files${path}?via=service`, { headers: { range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` } });
    expect([...ranged.bytes]).toEqual([...BYTES.subarray(5 * MIB - 2, 5 * MIB + 2)]);
  });

  test('has the MD5 of the MD5s of its parts as a property, from when its bytes are there', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES);
    expectStatus(await complete(me, upload), 200);
    const md5s = [0, 5, 10].map((start) => md5(BYTES.subarray(start * MIB, (start + 5) * MIB)));
    const { properties } = await me.read(path);
    expect(properties.get('ivo://vopipe/properties#md5-of-parts')?.value).toBe(
      `${5 * MIB} ${md5(Buffer.from(md5s.join(''), 'hex'))} ${properties.get(core('mtime'))?.value}`,
    );
  });

  test('has no MD5, because nobody has read the whole; one that came in one part has', async () => {
    const [many, single] = [me.fresh(), me.fresh()];
    const upload = await inParts(many, { md5: md5(BYTES) });
    await sendParts(upload, BYTES);
    expect(parsed(await complete(me, upload)).md5).toBeUndefined();
    expect((await me.read(many)).properties.has(core('MD5'))).toBe(false);
    const small = BYTES.subarray(0, 1000);
    const only = await begin(me, { uri: uriOf(single), length: 1000, parts: true });
    await sendParts(only, small);
    expect(parsed(await complete(me, only, { md5: md5(small) })).md5).toBe(md5(small));
    expect((await me.read(single)).properties.get(core('MD5'))?.value).toBe(md5(small));
  });

  test('goes on after its client was killed: it tells which parts are there, and gives URLs for the others', async () => {
    const path = me.fresh();
    const { id, ...first } = await inParts(path);
    await sendParts({ id, ...first }, BYTES, [2]);
    const found = await state(me, { id } as UploadItem, '?parts=missing');
    expect(found).toMatchObject({ phase: 'PENDING', received: 5 * MIB, partCount: 3, present: [{ number: 2, size: 5 * MIB }] });
    expect(found.present?.[0]?.etag).toBe(md5(BYTES.subarray(5 * MIB, 10 * MIB)));
    expect(found.parts?.map(({ number }) => number)).toEqual([1, 3]);
    await sendParts(found, BYTES);
    const again = await state(me, found, '?parts=2-3');
    expect(again.parts?.map(({ number }) => number)).toEqual([2, 3]);
    expect(again.received).toBe(LENGTH);
    expectFault(await me.get(`/uploads/${id}?parts=2-4`), 'InvalidArgument', 'parts 1 to 3');
    expectFault(await me.get(`/uploads/${id}?parts=all`), 'InvalidArgument', 'parts=all');
    expectStatus(await complete(me, again), 200);
    expect(md5(await bytesOf(me, path))).toBe(md5(BYTES));
  });

  test('is not completed while parts are missing, and can be afterwards', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES, [1]);
    expectFault(await complete(me, upload), 'PreconditionFailed', 'parts 2, 3');
    const { url = '' } = upload.parts?.[1] ?? {};
    expectStatus(await anonymous.send('PUT', url, { body: 'too short' }), 201);
    expectFault(await complete(me, upload), 'PreconditionFailed', 'parts 2, 3');
    await sendParts(upload, BYTES, [2, 3]);
    expectStatus(await complete(me, upload), 200);
    expect(md5(await bytesOf(me, path))).toBe(md5(BYTES));
  });

  test('is completed only of parts that have the etags which its client has', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES);
    const etags = (await state(me, upload)).present?.map(({ etag }) => etag) ?? [];
    expectFault(await complete(me, upload, { etags: etags.slice(1) }), 'InvalidArgument', '3 parts');
    expectFault(await complete(me, upload, { etags: etags.toReversed() }), 'PreconditionFailed');
    expect(parsed(await complete(me, upload, { etags: etags.map((etag) => `"${etag}"`) })).phase).toBe('COMPLETED');
  });

  test('may be completed again, and by several requests at once, and is one file', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES);
    const answers = await Promise.all([complete(me, upload), complete(me, upload), complete(me, upload)]);
    for (const answer of answers) expectStatus(answer, 200, 409);
    expect(parsed(await complete(me, upload)).phase).toBe('COMPLETED');
    expect((await state(me, upload)).phase).toBe('COMPLETED');
    expect(md5(await bytesOf(me, path))).toBe(md5(BYTES));
  });

  test('never becomes other bytes when a part is sent once more after it was completed', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES);
    expectStatus(await complete(me, upload), 200);
    await sendParts(upload, noise(LENGTH, 7), [2]);
    const { url } = parsed<{ items: readonly { url: string }[] }>(await postJson(me, '/downloads', { items: [{ path }] })).items[0] ?? {
      url: '',
    };
    const answer = await anonymous.get(url, { range: `bytes=${6 * MIB}-${6 * MIB + 99}` });
    // Swift refuses to serve a segment that has changed.
    if (answer.status !== 409) expect([...answer.bytes]).toEqual([...BYTES.subarray(6 * MIB, 6 * MIB + 100)]);
  });

  test('with a lifetime on one of its parts is refused', async () => {
    const upload = await inParts(me.fresh());
    await sendParts(upload, BYTES, [1, 2]);
    const { url = '' } = upload.parts?.[2] ?? {};
    const last = BYTES.subarray(10 * MIB);
    expectStatus(await anonymous.send('PUT', url, { body: last, headers: { 'x-delete-after': '3600' } }), 201);
    expectFault(await complete(me, upload), 'PreconditionFailed', 'lifetime');
  });

  test('that is aborted leaves no node, no reservation, and cannot be completed', async () => {
    const user = await limited(20 * MIB);
    const path = user.fresh();
    const upload = await begin(user, { uri: uriOf(path), length: LENGTH, parts: true });
    expect(await available(user)).toBe(20 * MIB - LENGTH);
    await sendParts(upload, BYTES);
    expectStatus(await user.send('DELETE', `/uploads/${upload.id}`), 204);
    expect(await available(user)).toBe(20 * MIB);
    expectStatus(await user.get(`/nodes${path}`), 404);
    expect(await state(user, upload)).toMatchObject({ phase: 'ERROR', fault: 'TransferFailed' });
    expectStatus(await complete(user, upload), 502);
    expectStatus(await user.send('DELETE', `/uploads/${upload.id}`), 204);
  });

  test('that was completed cannot be aborted', async () => {
    const path = me.fresh();
    const upload = await inParts(path);
    await sendParts(upload, BYTES);
    expectStatus(await complete(me, upload), 200);
    expectStatus(await me.send('DELETE', `/uploads/${upload.id}`), 409);
    expect((await bytesOf(me, path)).length).toBe(LENGTH);
  });

  test('that a later one has overtaken is refused, and so is one whose node was deleted', async () => {
    const [path, gone] = [me.fresh(), me.fresh()];
    const early = await inParts(path);
    await sendParts(early, BYTES);
    const late = await begin(me, { uri: uriOf(path), length: 5 });
    expectStatus(await anonymous.send('PUT', late.url ?? '', { body: 'later' }), 201);
    expectStatus(await complete(me, late), 200);
    const refused = await complete(me, early);
    expect([refused.status, refused.text]).toEqual([409, expect.stringMatching(/^NodeBusy /)]);
    expect(await me.bytes(path)).toBe('later');
    const lost = await inParts(gone);
    await sendParts(lost, BYTES, [1]);
    expectStatus(await me.remove(gone), 204);
    expectFault(await complete(me, lost), 'NodeNotFound');
  });

  test("is its negotiator's alone", async () => {
    const other = await newOpenUser('uploads');
    const upload = await inParts(me.fresh());
    for (const [method, where] of [
      ['GET', ''],
      ['POST', '/complete'],
      ['DELETE', ''],
    ] as const) {
      expectFault(await other.send(method, `/uploads/${upload.id}${where}`), 'PermissionDenied');
      expectFault(await anonymous.send(method, `/uploads/${upload.id}${where}`), 'NotAuthenticated');
      expectStatus(await me.send(method, `/uploads/${upload.id}x${where}`), 404);
      expectStatus(await me.send(method, `/uploads/made-up${where}`), 404);
    }
  });

  test('is refused at once when its length exceeds the quota, or what the store can hold', async () => {
    const user = await limited(10 * MIB);
    const path = user.fresh();
    const [large, huge, fits] = await items(user, '/uploads', [
      { uri: uriOf(path), length: LENGTH, parts: true },
      { uri: uriOf(user.fresh()), length: 9e15 },
      { uri: uriOf(user.fresh()), length: 10 * MIB, parts: true },
    ]);
    expect([large?.fault, huge?.fault, fits?.partCount]).toEqual(['QuotaExceeded', 'RequestEntityTooLarge', 2]);
    expectStatus(await user.get(`/nodes${path}`), 404);
  });
});

describe('pushToVoSpace', () => {
  test('of more than one PUT can hold is refused with the way that there is', async () => {
    const target = uriOf(me.fresh());
    const refused = await negotiate(me, { target, direction: 'pushToVoSpace', protocols: [core('httpput')], length: 9e14 });
    await expectFailure(me, refused, 'RequestEntityTooLarge', '/uploads');
  });
});
