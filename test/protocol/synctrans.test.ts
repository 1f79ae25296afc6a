// Transfers by document at /synctrans: VOSpace 2.1 sections 3.6.1 and 6.4; the job's own resources are in sync-jobs.test.ts.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, PUBLIC_SHARE, transferDocument, type TransferSpec } from './documents.ts';
import { parseXml, readTransfer, type ReadTransfer } from './tree.ts';
import { anonymous, expectStatus, newOpenUser, newUser, ours, service, uriOf, type User } from './world.ts';

const me = await newUser('synctrans');
const LENGTH = core('length');

interface Negotiated {
  readonly details: ReadTransfer;
  /** Path of the job below the base URL. */
  readonly job: string;
}

async function negotiate(user: User, spec: TransferSpec, resource = '/synctrans'): Promise<Negotiated> {
  const started = await user.post(resource, transferDocument(spec));
  expectStatus(started, 303);
  const location = started.header('location') ?? '';
  expect(location.startsWith(service.base), location).toBe(true);
  expect(location).toMatch(/\/transfers\/[^/]+\/results\/transferDetails$/);
  const answer = await user.get(location);
  expectStatus(answer, 200);
  return { details: readTransfer(parseXml(answer.text)), job: location.slice(service.base.length).replace('/results/transferDetails', '') };
}
function push(path: string, more: Partial<TransferSpec> = {}): Promise<Negotiated> {
  return negotiate(me, { target: uriOf(path), direction: 'pushToVoSpace', protocols: [core('httpput')], ...more });
}
function pull(path: string, more: Partial<TransferSpec> = {}): Promise<Negotiated> {
  return negotiate(me, { target: uriOf(path), ...more });
}
function endpoint({ details }: Negotiated): string {
  return details.protocols[0]?.endpoint ?? '';
}
async function send(negotiated: Negotiated, body: string): Promise<Answer> {
  return me.send('PUT', endpoint(negotiated), { body });
}
async function expectFailure(user: User, { details, job }: Negotiated, fault: string, summary: string): Promise<void> {
  expect(details.protocols).toEqual([]);
  expect((await user.get(`${job}/phase`)).text).toBe('ERROR');
  expect((await user.get(`${job}/error`)).text).toMatch(new RegExp(`^${fault}(\\s|$)`));
  expect((await user.get(job)).text).toContain(summary);
}
async function committed(path: string, length: number): Promise<void> {
  await expect.poll(async () => (await me.read(path)).properties.get(LENGTH)?.value, { timeout: 15_000 }).toBe(String(length));
}

describe('a transfer document', () => {
  test('is answered with 303 to the details, which repeat target and direction and are of version 2.1', async () => {
    const path = await me.stored(me.fresh(), 'x');
    const { details } = await pull(path);
    expect([details.target, details.direction, details.version]).toEqual([uriOf(path), 'pullFromVoSpace', '2.1']);
  });

  test('keeps the element order of the schema in its details', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { view: core('defaultview'), protocols: [core('httpget'), core('httpsget')] });
    const rank = ['target', 'direction', 'view', 'protocol', 'keepBytes', 'param'];
    expect(details.order.map((name) => rank.indexOf(name))).toEqual(details.order.map((name) => rank.indexOf(name)).toSorted((a, b) => a - b));
    expect(details.view).toBe(core('defaultview'));
  });

  test.each([
    ['pushToVoSpace', 'httpput'],
    ['pushToVoSpace', 'httpsput'],
    ['pullFromVoSpace', 'httpget'],
    ['pullFromVoSpace', 'httpsget'],
  ])('for %s by %s is answered with an endpoint of that protocol', async (direction, protocol) => {
    const path = direction === 'pushToVoSpace' ? me.fresh() : await me.stored(me.fresh(), 'x');
    const { details } = await negotiate(me, { target: uriOf(path), direction, protocols: [core(protocol)] });
    expect(details.protocols.length).toBeGreaterThan(0);
    for (const each of details.protocols) expect([each.uri, each.endpoint]).toEqual([core(protocol), expect.stringMatching(/^https?:\/\/.+/)]);
  });

  test('that offers several protocols is answered with these and no others', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpsget'), core('httpget')] });
    expect(new Set(details.protocols.map(({ uri }) => uri))).toEqual(new Set([core('httpget'), core('httpsget')]));
  });

  test('never makes one endpoint serve two protocols of an answer twice for the same protocol', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpget'), core('httpsget')] });
    const seen = details.protocols.map(({ uri, endpoint: at, securityMethods }) => `${uri} ${at} ${securityMethods.join()}`);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('has protocols ignored that the service does not know', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: ['urn:pigeon', core('httpget'), 'ivo://cadc.nrc.ca/vospace#SSHFS'] });
    expect(details.protocols.length).toBeGreaterThan(0);
    for (const { uri } of details.protocols) expect(uri).toBe(core('httpget'));
  });

  test('is answered with a securityMethod if and only if it has one', async () => {
    const method = 'ivo://ivoa.net/sso#BasicAA';
    const path = await me.stored(me.fresh(), 'x');
    const protocols = [{ uri: core('httpget'), securityMethods: [method] }, core('httpsget')];
    const { details } = await pull(path, { protocols });
    for (const each of details.protocols) expect(each.securityMethods, each.uri).toEqual(each.uri === core('httpget') ? [method] : []);
    expect(details.protocols.map(({ uri }) => uri)).toContain(core('httpget'));
    expect((await pull(path)).details.protocols.flatMap(({ securityMethods }) => securityMethods)).toEqual([]);
  });

  test('is not answered with security methods that nobody knows', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: [{ uri: core('httpget'), securityMethods: ['urn:magic'] }, core('httpget')] });
    expect(details.protocols.flatMap(({ securityMethods }) => securityMethods)).not.toContain('urn:magic');
    expect(details.protocols.length).toBeGreaterThan(0);
  });

  test('may spell the authority with ! or ~, and come without version from a client of 2.0', async () => {
    const path = await me.stored(me.fresh(), 'x');
    for (const separator of ['!', '~']) {
      const { details } = await pull(path, { target: uriOf(path, service.authority.replace(/[!~]/g, separator)), version: null });
      expect(details.protocols.length).toBeGreaterThan(0);
    }
  });

  test('may be sent to /sync, the name of this resource in 2.0', async () => {
    const path = await me.stored(me.fresh(), 'by sync');
    const negotiated = await negotiate(me, { target: uriOf(path), version: null }, '/sync');
    expect((await me.get(endpoint(negotiated))).text).toBe('by sync');
  });

  test.each(['defaultview', 'binaryview'])('may ask for the export view %s', async (view) => {
    const negotiated = await pull(await me.stored(me.fresh(), 'viewed'), { view: core(view) });
    expect((await me.get(endpoint(negotiated))).text).toBe('viewed');
  });

  test.each(['anyview', 'binaryview', 'votable'])('may import by the view %s, and the bytes are kept as they are', async (view) => {
    const path = me.fresh();
    expectStatus(await send(await push(path, { view: core(view) }), '<not a table>'), 200, 201);
    await committed(path, 13);
    expect(await me.bytes(path)).toBe('<not a table>');
  });
});

describe('pullFromVoSpace', () => {
  test('gives the bytes to whoever has the endpoint', async () => {
    const negotiated = await pull(await me.stored(me.fresh(), 'pulled bytes'));
    const answer = await anonymous.get(endpoint(negotiated));
    expect([answer.status, answer.text]).toEqual([200, 'pulled bytes']);
  });

  test('of a node that does not exist fails with NodeNotFound', async () => {
    await expectFailure(me, await pull(me.fresh()), 'NodeNotFound', 'Node Not Found');
  });

  test('by no protocol that the service has fails with ProtocolNotSupported', async () => {
    await expectFailure(me, await pull(await me.stored(me.fresh(), 'x'), { protocols: ['urn:pigeon'] }), 'ProtocolNotSupported', 'Protocol Not Supported');
  });

  test('by a protocol for uploads fails with ProtocolNotSupported', async () => {
    await expectFailure(me, await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpput')] }), 'ProtocolNotSupported', 'Protocol Not Supported');
  });

  test('in a view that the service does not have fails with ViewNotSupported', async () => {
    await expectFailure(me, await pull(await me.stored(me.fresh(), 'x'), { view: 'urn:hologram' }), 'ViewNotSupported', 'View Not Supported');
  });

  test('of a container has no endpoint', async () => {
    const { details, job } = await pull(await me.made(me.fresh()));
    expect(details.protocols).toEqual([]);
    expect((await me.get(`${job}/phase`)).text).toBe('ERROR');
  });

  ours('between users', () => {
    test('fails with PermissionDenied where the user may not read', async () => {
      const other = await newOpenUser('pull-other');
      const path = await other.stored(other.fresh(), 'secret');
      await expectFailure(me, await pull(path), 'PermissionDenied', 'Permission Denied');
    });
  });
});

describe('pushToVoSpace', () => {
  test('makes a node of the bytes, with length and MD5 at the next getNode', async () => {
    const path = me.fresh();
    expectStatus(await send(await push(path), 'pushed bytes'), 200, 201);
    await committed(path, 12);
    expect((await me.read(path)).properties.get(core('MD5'))?.value).toBe(createHash('md5').update('pushed bytes').digest('hex'));
    expect(await me.bytes(path)).toBe('pushed bytes');
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
      return Promise.all((container.nodes ?? []).map(async ({ uri }) => (await me.read(uri.slice(uriOf('').length))).properties.get(LENGTH)?.value));
    };
    await expect.poll(children, { timeout: 15_000 }).toEqual(['6']);
    const container = await me.read(path);
    expect([container.type, container.properties.get(core('title'))?.value]).toEqual(['ContainerNode', 'kept']);
  });

  test('to .auto chooses a name, which the details and the result "target" tell', async () => {
    const parent = await me.made(me.fresh());
    const negotiated = await push(`${parent}/.auto`);
    expectStatus(await send(negotiated, 'auto'), 200, 201);
    const target = /<[^>]*id="target"[^>]*href="([^"]+)"/.exec((await me.get(negotiated.job)).text)?.[1] ?? '';
    expect(target.startsWith(`${uriOf(parent)}/`), target).toBe(true);
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
    await expectFailure(me, await push(path, { protocols: ['urn:pigeon', core('httpget')] }), 'ProtocolNotSupported', 'Protocol Not Supported');
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
      const answer = await anonymous.post('/synctrans', transferDocument({ target: uriOf(me.fresh()), direction: 'pushToVoSpace', protocols: [core('httpput')] }));
      expectStatus(answer, 303, 401);
      if (answer.status === 303) expect(readTransfer(parseXml((await anonymous.get(answer.header('location') ?? '')).text)).protocols).toEqual([]);
    });
  });
});

ours('the public share protocol', async () => {
  const owner = await newOpenUser('share');
  const shared = await owner.stored(owner.fresh('shared.fits'), 'shared', { 'content-type': 'application/fits' });
  await owner.set(shared, { properties: { [core('publicread')]: 'true' } });

  test('gives a URL without securityMethod that anyone can use, again and again, and that ends in the file name', async () => {
    const { details, job } = await negotiate(owner, { target: uriOf(shared), protocols: [PUBLIC_SHARE] });
    const [protocol] = details.protocols;
    expect([protocol?.uri, protocol?.securityMethods]).toEqual([PUBLIC_SHARE, []]);
    const url = protocol?.endpoint ?? '';
    expect(decodeURIComponent(new URL(url).pathname).endsWith(shared.slice(shared.lastIndexOf('/'))), url).toBe(true);
    for (let i = 0; i < 2; i += 1) {
      const first = await anonymous.get(url);
      const answer = first.status === 303 ? await anonymous.get(first.header('location') ?? '') : first;
      expect([answer.status, answer.text, answer.header('content-type')]).toEqual([200, 'shared', 'application/fits']);
    }
    expect((await owner.get(`${job}/phase`)).text).toBe('COMPLETED');
  });
  test('is not for nodes that are not public', async () => {
    const path = await owner.stored(owner.fresh(), 'private');
    await expectFailure(owner, await negotiate(owner, { target: uriOf(path), protocols: [PUBLIC_SHARE] }), 'ProtocolNotSupported', 'Protocol Not Supported');
  });
  test('is not for uploads', async () => {
    const spec = { target: uriOf(owner.fresh()), direction: 'pushToVoSpace', protocols: [PUBLIC_SHARE] };
    await expectFailure(owner, await negotiate(owner, spec), 'ProtocolNotSupported', 'Protocol Not Supported');
  });
  test('and all others work for the anonymous where everyone may read', async () => {
    const { details } = await negotiate(anonymous, { target: uriOf(shared) });
    expect((await anonymous.get(details.protocols[0]?.endpoint ?? '')).text).toBe('shared');
  });
});
