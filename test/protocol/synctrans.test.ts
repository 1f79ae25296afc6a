// Transfers by document at /synctrans: VOSpace 2.1 sections 3.6.1 and 6.4.3; uploads are in push.test.ts, jobs in sync-jobs.test.ts.
import { describe, expect, test } from 'vitest';
import { core, PUBLIC_SHARE, type TransferSpec } from './documents.ts';
import { endpoint, expectFailure, negotiate, type Negotiated } from './negotiate.ts';
import { anonymous, expectStatus, newOpenUser, newUser, ours, service, uriOf } from './world.ts';

const me = await newUser('synctrans');

function pull(path: string, more: Partial<TransferSpec> = {}): Promise<Negotiated> {
  return negotiate(me, { target: uriOf(path), ...more });
}

describe('a transfer document', () => {
  test('is answered with 303 to the details, which repeat target and direction and are of version 2.1', async () => {
    const path = await me.stored(me.fresh(), 'x');
    const { details } = await pull(path);
    expect([details.target, details.direction, details.version]).toEqual([uriOf(path), 'pullFromVoSpace', '2.1']);
  });

  test('keeps the element order of the schema in its details', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), {
      view: core('defaultview'),
      protocols: [core('httpget'), core('httpsget')],
    });
    const rank = ['target', 'direction', 'view', 'protocol', 'keepBytes', 'param'];
    expect(details.order.map((name) => rank.indexOf(name))).toEqual(
      details.order.map((name) => rank.indexOf(name)).toSorted((a, b) => a - b),
    );
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
    for (const each of details.protocols)
      expect([each.uri, each.endpoint]).toEqual([core(protocol), expect.stringMatching(/^https?:\/\/.+/)]);
  });

  test('that offers several protocols is answered with these and no others', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpsget'), core('httpget')] });
    expect(new Set(details.protocols.map(({ uri }) => uri))).toEqual(new Set([core('httpget'), core('httpsget')]));
  });

  test('never offers one endpoint twice for the same protocol', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpget'), core('httpsget')] });
    const seen = details.protocols.map(({ uri, endpoint: at, securityMethods }) => `${uri} ${at} ${securityMethods.join()}`);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('has protocols ignored that the service does not know', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'x'), {
      protocols: ['urn:pigeon', core('httpget'), 'ivo://cadc.nrc.ca/vospace#SSHFS'],
    });
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
    const { details } = await pull(await me.stored(me.fresh(), 'x'), {
      protocols: [{ uri: core('httpget'), securityMethods: ['urn:magic'] }, core('httpget')],
    });
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
});

describe('pullFromVoSpace', () => {
  test('gives the bytes to whoever has the endpoint', async () => {
    const negotiated = await pull(await me.stored(me.fresh(), 'pulled bytes'));
    const answer = await anonymous.get(endpoint(negotiated));
    expect([answer.status, answer.text]).toEqual([200, 'pulled bytes']);
  });

  test('gives the bytes at every endpoint that it offers', async () => {
    const { details } = await pull(await me.stored(me.fresh(), 'pulled bytes'), { protocols: [core('httpget'), core('httpsget')] });
    for (const each of details.protocols) expect((await anonymous.get(each.endpoint ?? '')).text, each.endpoint).toBe('pulled bytes');
  });

  test('gives the bytes that were there when it was negotiated, or those that are there now, and never a mixture', async () => {
    const path = await me.stored(me.fresh(), 'a'.repeat(1_000));
    const negotiated = await pull(path);
    expectStatus(await me.put(path, 'b'.repeat(2_000)), 200, 201);
    expect(['a'.repeat(1_000), 'b'.repeat(2_000)]).toContain((await anonymous.get(endpoint(negotiated))).text);
  });

  test('of a node that does not exist fails with NodeNotFound', async () => {
    await expectFailure(me, await pull(me.fresh()), 'NodeNotFound', 'Node Not Found');
  });

  test('by no protocol that the service has fails with ProtocolNotSupported', async () => {
    await expectFailure(
      me,
      await pull(await me.stored(me.fresh(), 'x'), { protocols: ['urn:pigeon'] }),
      'ProtocolNotSupported',
      'Protocol Not Supported',
    );
  });

  test('by a protocol for uploads fails with ProtocolNotSupported', async () => {
    await expectFailure(
      me,
      await pull(await me.stored(me.fresh(), 'x'), { protocols: [core('httpput')] }),
      'ProtocolNotSupported',
      'Protocol Not Supported',
    );
  });

  test('in a view that the service does not have fails with ViewNotSupported', async () => {
    await expectFailure(
      me,
      await pull(await me.stored(me.fresh(), 'x'), { view: 'urn:hologram' }),
      'ViewNotSupported',
      'View Not Supported',
    );
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
    await expectFailure(
      owner,
      await negotiate(owner, { target: uriOf(path), protocols: [PUBLIC_SHARE] }),
      'ProtocolNotSupported',
      'Protocol Not Supported',
    );
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
