// pushToVoSpace by document: VOSpace 2.1 section 6.4.1.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, IS_LOCKED, transferDocument, type TransferSpec } from './documents.ts';
import { endpoint, expectFailure, negotiate, type Negotiated } from './negotiate.ts';
import { parseXml, readJob, readTransfer } from './tree.ts';
import { anonymous, expectStatus, newOpenUser, newUser, ours, service, uriOf } from './world.ts';

const me = await newUser('push');
const LENGTH = core('length');

function push(path: string, more: Partial<TransferSpec> = {}): Promise<Negotiated> {
  return negotiate(me, { target: uriOf(path), direction: 'pushToVoSpace', protocols: [core('httpput')], ...more });
}
async function send(negotiated: Negotiated, body: string): Promise<Answer> {
  return me.send('PUT', endpoint(negotiated), { body });
}
async function committed(path: string, length: number): Promise<void> {
  await expect.poll(async () => (await me.read(path)).properties.get(LENGTH)?.value, { timeout: 15_000 }).toBe(String(length));
}

describe('pushToVoSpace', () => {
  test('makes a node of the bytes, with length and MD5 at the next getNode', async () => {
    const path = me.fresh();
    expectStatus(await send(await push(path), 'pushed bytes'), 200, 201);
    await committed(path, 12);
    expect((await me.read(path)).properties.get(core('MD5'))?.value).toBe(createHash('md5').update('pushed bytes').digest('hex'));
    expect(await me.bytes(path)).toBe('pushed bytes');
  });

  test('works at every endpoint that it offers', async () => {
    const count = (await push(me.fresh())).details.protocols.length;
    for (let i = 0; i < count; i += 1) {
      const path = me.fresh();
      const url = (await push(path)).details.protocols[i]?.endpoint ?? '';
      expectStatus(await anonymous.send('PUT', url, { body: `endpoint ${i}` }), 200, 201);
      await committed(path, 10);
      expect(await me.bytes(path)).toBe(`endpoint ${i}`);
    }
  });

  test('takes nothing at an endpoint that was tampered with', async () => {
    const path = me.fresh();
    for (const { endpoint: url = '' } of (await push(path)).details.protocols) {
      const [signature = ''] = /[0-9a-f]{32,}/.exec(url) ?? [];
      expect(signature, url).not.toBe('');
      const forged = url.replace(
        signature,
        signature.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      );
      expectStatus(await anonymous.send('PUT', forged, { body: 'forged' }), 400, 401, 403);
    }
    expect((await me.read(path)).busy).toBe('true');
  });

  // "anyview … to indicate that a service will accept any view for an import operation" (section 3.4.4), which /views says of this one.
  test.each([core('anyview'), core('binaryview'), core('votable'), 'http://example.org/views#own'])(
    'may import by the view %s, and the bytes are kept as they are',
    async (view) => {
      const path = me.fresh();
      expectStatus(await send(await push(path, { view }), '<not a table>'), 200, 201);
      await committed(path, 13);
      expect(await me.bytes(path)).toBe('<not a table>');
    },
  );

  test.each([IS_LOCKED, core('immutable')])('keeps the bytes that have come before its node is made %s', async (property) => {
    const path = me.fresh();
    const { details } = await push(path);
    const inStore = details.protocols.map((protocol) => protocol.endpoint ?? '').find((url) => !url.startsWith(service.base)) ?? '';
    expectStatus(await anonymous.send('PUT', inStore, { body: 'in time' }), 200, 201);
    expectStatus(await me.set(path, { properties: { [property]: 'true' } }), 200);
    const { properties, busy } = await me.read(path);
    expect([properties.get(LENGTH)?.value, properties.get(property)?.value, busy ?? 'false']).toEqual(['7', 'true', 'false']);
    expect(await me.bytes(path)).toBe('in time');
  });

  test('has a busy node and no bytes until they have come', async () => {
    const path = me.fresh();
    const negotiated = await push(path);
    expect((await me.read(path)).busy).toBe('true');
    expectStatus(await me.get(`/files${path}`), 404, 409);
    expectStatus(await send(negotiated, 'come'), 200, 201);
    await committed(path, 4);
    expect((await me.read(path)).busy ?? 'false').toBe('false');
  });

  test('to an existing node keeps the old bytes until the new ones have come', async () => {
    const path = await me.stored(me.fresh(), 'old');
    const negotiated = await push(path);
    expect(await me.bytes(path)).toBe('old');
    expectStatus(await send(negotiated, 'newer'), 200, 201);
    await committed(path, 5);
    expect(await me.bytes(path)).toBe('newer');
  });

  test('to an existing node clears its properties: "the Node properties SHALL be cleared"', async () => {
    const path = await me.stored(me.fresh(), 'old');
    await me.set(path, { properties: { [core('title')]: 'old title', 'urn:mine': 'old' } });
    expectStatus(await send(await push(path), 'newer'), 200, 201);
    await committed(path, 5);
    const { properties } = await me.read(path);
    expect([properties.has(core('title')), properties.has('urn:mine')]).toEqual([false, false]);
  });

  test('to an existing container puts the data within the container', async () => {
    const path = await me.made(me.fresh(), { properties: { [core('title')]: 'kept' } });
    expectStatus(await send(await push(path), 'inside'), 200, 201);
    const children = async (): Promise<(string | undefined)[] | undefined> => {
      const container = await me.read(path);
      return Promise.all(
        (container.nodes ?? []).map(async ({ uri }) => (await me.read(uri.slice(uriOf('').length))).properties.get(LENGTH)?.value),
      );
    };
    await expect.poll(children, { timeout: 15_000 }).toEqual(['6']);
    const container = await me.read(path);
    expect([container.type, container.properties.get(core('title'))?.value]).toEqual(['ContainerNode', 'kept']);
  });

  test('to .auto chooses a name, which the details and the result "target" tell', async () => {
    const parent = await me.made(me.fresh());
    const negotiated = await push(`${parent}/.auto`);
    expectStatus(await send(negotiated, 'auto'), 200, 201);
    await expect.poll(async () => (await me.get(`${negotiated.job}/phase`)).text, { timeout: 15_000 }).toBe('COMPLETED');
    const job = readJob(parseXml((await me.get(negotiated.job)).text));
    const target = job.results.get('target') ?? '';
    expect(target.startsWith(`${uriOf(parent)}/`), `target in ${JSON.stringify([...job.results])}`).toBe(true);
    expect(negotiated.details.target).toBe(target);
    expect(target).not.toMatch(/\.auto$/);
    await committed(target.slice(uriOf('').length), 4);
  });

  test('to .null takes the bytes and keeps nothing', async () => {
    const parent = await me.made(me.fresh());
    expectStatus(await send(await push(`${parent}/.null`), 'discarded'), 200, 201);
    expect((await me.read(parent)).nodes).toEqual([]);
  });

  test('by a second PUT to a used endpoint changes nothing that anyone reads', async () => {
    const path = me.fresh();
    const negotiated = await push(path);
    expectStatus(await send(negotiated, 'first'), 200, 201);
    await committed(path, 5);
    const before = await me.read(path);
    await send(negotiated, 'SECOND, and longer');
    expect(await me.read(path)).toEqual(before);
    expect(await me.bytes(path)).toBe('first');
    expect((await anonymous.get((await me.get(`/files${path}`)).header('location') ?? '')).text).toBe('first');
  });

  test('that was negotiated before another one cannot undo it', async () => {
    const path = me.fresh();
    const [older, newer] = [await push(path), await push(path)];
    if (newer.details.protocols.length === 0) {
      // "If the busy flag of the Node is already set to true, the service SHOULD respond with a NodeBusy fault" (section 6.4.1).
      await expectFailure(me, newer, 'NodeBusy', 'Node Busy');
      return;
    }
    expectStatus(await send(newer, 'newer'), 200, 201);
    await committed(path, 5);
    await send(older, 'older bytes');
    await expect.poll(async () => (await me.get(`${older.job}/phase`)).text, { timeout: 15_000 }).toBe('ERROR');
    expect((await me.get(`${older.job}/error`)).text).toMatch(/^NodeBusy/);
    expect(await me.bytes(path)).toBe('newer');
  });

  test('with a stated length takes that many bytes', async () => {
    const path = me.fresh();
    expectStatus(await send(await push(path, { length: 6 }), 'stated'), 200, 201);
    await committed(path, 6);
  });

  test('by no protocol that the service has fails with ProtocolNotSupported, and no node is made', async () => {
    const path = me.fresh();
    await expectFailure(
      me,
      await push(path, { protocols: ['urn:pigeon', core('httpget')] }),
      'ProtocolNotSupported',
      'Protocol Not Supported',
    );
    expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('by the view for exports fails with ViewNotSupported', async () => {
    await expectFailure(me, await push(me.fresh(), { view: core('defaultview') }), 'ViewNotSupported', 'View Not Supported');
  });

  test('into a missing container fails', async () => {
    await expectFailure(me, await push(`${me.fresh()}/file`), '(Container|Node)NotFound', 'Not Found');
  });

  ours('between users', () => {
    test('fails with PermissionDenied where the user may not write', async () => {
      const other = await newOpenUser('push-other');
      const path = other.fresh();
      await expectFailure(me, await push(path), 'PermissionDenied', 'Permission Denied');
      expectStatus(await other.get(`/nodes${path}`), 404);
    });
    test('gives the anonymous no endpoint', async () => {
      const answer = await anonymous.post(
        '/synctrans',
        transferDocument({ target: uriOf(me.fresh()), direction: 'pushToVoSpace', protocols: [core('httpput')] }),
      );
      expectStatus(answer, 303, 401);
      if (answer.status === 303)
        expect(readTransfer(parseXml((await anonymous.get(answer.header('location') ?? '')).text)).protocols).toEqual([]);
    });
  });
});
