// Transfers by parameters: VOSpace 2.1 section 3.6.2.
import { describe, expect, test } from 'vitest';
import { core, PUBLIC_SHARE, query } from './documents.ts';
import { parseXml, readTransfer, type ReadTransfer } from './tree.ts';
import type { Answer } from '../support/client.ts';
import { anonymous, expectFault, expectOneFault, expectStatus, newOpenUser, newUser, ours, service, uriOf } from './world.ts';

const me = await newUser('parameters');
const file = await me.stored(me.fresh('file'), 'by parameters');

type Parameters = Record<string, string>;
function pulling(more: Parameters = {}): Parameters {
  return { TARGET: uriOf(file), DIRECTION: 'pullFromVoSpace', PROTOCOL: core('httpget'), ...more };
}
function without(name: string): Parameters {
  return Object.fromEntries(Object.entries(pulling()).filter(([key]) => key !== name));
}
function ask(parameters: Parameters): Promise<Answer> {
  return me.get(`/synctrans?${query(parameters)}`);
}
function details(answer: Answer): ReadTransfer {
  expectStatus(answer, 200);
  expect(answer.header('content-type')).toMatch(/^(text|application)\/xml/);
  return readTransfer(parseXml(answer.text));
}
async function expectBytes(answer: Answer): Promise<void> {
  const { protocols } = details(answer);
  expect((await anonymous.get(protocols[0]?.endpoint ?? '')).text).toBe('by parameters');
}

describe('a download', () => {
  test('asked for by GET is answered with the transfer document itself', async () => {
    const answer = await ask(pulling());
    const transfer = details(answer);
    expect([transfer.target, transfer.direction, transfer.version]).toEqual([uriOf(file), 'pullFromVoSpace', '2.1']);
    expect(transfer.protocols.map(({ uri, securityMethods }) => [uri, securityMethods])[0]).toEqual([core('httpget'), []]);
    await expectBytes(answer);
  });

  test('can be asked for by POST with a query string and no body, as in the example of the standard', async () => {
    await expectBytes(await me.send('POST', `/synctrans?${query(pulling())}`));
  });

  test('can be asked for by POST of a form', async () => {
    await expectBytes(await me.post('/synctrans', query(pulling()), 'application/x-www-form-urlencoded'));
  });

  test('can be asked for at /sync', async () => {
    await expectBytes(await me.get(`/sync?${query(pulling())}`));
  });

  test.each([
    ['lower', (name: string) => name.toLowerCase()],
    ['mixed', (name: string) => name.charAt(0) + name.slice(1).toLowerCase()],
  ])('may name its parameters in %s case', async (_, spell) => {
    await expectBytes(await ask(Object.fromEntries(Object.entries(pulling()).map(([name, value]) => [spell(name), value]))));
  });

  test('may spell the authority with ! or ~', async () => {
    for (const separator of ['!', '~'])
      await expectBytes(await ask(pulling({ TARGET: uriOf(file, service.authority.replace(/[!~]/g, separator)) })));
  });

  test.each(['httpget', 'httpsget'])('by %s is answered with that protocol', async (protocol) => {
    expect(details(await ask(pulling({ PROTOCOL: core(protocol) }))).protocols[0]?.uri).toBe(core(protocol));
  });

  test.each(['defaultview', 'binaryview'])('may ask for the view %s', async (view) => {
    await expectBytes(await ask(pulling({ VIEW: core(view) })));
  });

  test('is answered with the SECURITYMETHOD that it names', async () => {
    const method = 'ivo://ivoa.net/sso#BasicAA';
    expect(details(await ask(pulling({ SECURITYMETHOD: method }))).protocols.map(({ securityMethods }) => securityMethods)[0]).toEqual([
      method,
    ]);
  });

  test('ignores parameters that nobody knows', async () => {
    await expectBytes(await ask(pulling({ COLOUR: 'blue', RUNID: 'r1' })));
  });
});

describe('REQUEST=redirect', () => {
  test.each(['GET', 'POST'])('by %s is answered with 303 to the bytes', async (method) => {
    const answer = await me.send(method, `/synctrans?${query(pulling({ REQUEST: 'redirect' }))}`);
    expectStatus(answer, 303);
    expect((await anonymous.get(answer.header('location') ?? '')).text).toBe('by parameters');
  });
  test('may be written in any case', async () => {
    expectStatus(await ask(pulling({ request: 'REDIRECT' })), 303);
  });
  test('is not for uploads', async () => {
    const answer = await ask({ TARGET: uriOf(me.fresh()), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput'), REQUEST: 'redirect' });
    expectFault(answer, 'InvalidArgument', 'REQUEST');
  });
  test('tells errors directly', async () => {
    const answer = await ask(pulling({ TARGET: uriOf(me.fresh()), REQUEST: 'redirect' }));
    expectFault(answer, 'NodeNotFound');
    expect(answer.header('location')).toBeUndefined();
  });
});

describe('an upload', () => {
  test.each(['httpput', 'httpsput'])('by %s works', async (protocol) => {
    const path = me.fresh();
    const transfer = details(await ask({ TARGET: uriOf(path), DIRECTION: 'pushToVoSpace', PROTOCOL: core(protocol) }));
    expect([transfer.direction, transfer.protocols[0]?.uri]).toEqual(['pushToVoSpace', core(protocol)]);
    expectStatus(await me.send('PUT', transfer.protocols[0]?.endpoint ?? '', { body: 'pushed' }), 200, 201);
    await expect.poll(async () => (await me.read(path)).properties.get(core('length'))?.value, { timeout: 15_000 }).toBe('6');
    expect(await me.bytes(path)).toBe('pushed');
  });
  test('into a missing container is ContainerNotFound', async () => {
    expectOneFault(
      await ask({ TARGET: uriOf(`${me.fresh()}/x`), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput') }),
      'ContainerNotFound',
      'NodeNotFound',
    );
  });
});

describe('what is wrong', () => {
  test.each(['TARGET', 'DIRECTION', 'PROTOCOL'])('with a missing %s is InvalidArgument that names it', async (name) => {
    expectFault(await ask(without(name)), 'InvalidArgument', name);
  });
  test('with two protocols is InvalidArgument: "exactly one PROTOCOL parameter"', async () => {
    expectFault(
      await me.get(`/synctrans?${query(pulling())}&PROTOCOL=${encodeURIComponent(core('httpsget'))}`),
      'InvalidArgument',
      'PROTOCOL',
    );
  });
  test('with two targets or two directions is InvalidArgument', async () => {
    for (const more of [`TARGET=${encodeURIComponent(uriOf(me.home))}`, 'DIRECTION=pushToVoSpace']) {
      expectFault(await me.get(`/synctrans?${query(pulling())}&${more}`), 'InvalidArgument');
    }
  });
  test.each(['pullToVoSpace', 'pushFromVoSpace', 'sideways', '', 'vos://example.org~elsewhere/x'])(
    'with the direction %j is a fault of the client',
    async (direction) => {
      const answer = await ask(pulling({ DIRECTION: direction }));
      expect([answer.status, answer.text.slice(0, 40)]).toEqual([
        expect.toSatisfy((status: number) => status === 400 || status === 405),
        expect.stringMatching(/^(InvalidArgument|OperationNotSupported)/),
      ]);
    },
  );
  test.each([core('httpput'), 'urn:pigeon', 'httpget', core('nonsense')])(
    'with the protocol %s is ProtocolNotSupported',
    async (protocol) => {
      expectFault(await ask(pulling({ PROTOCOL: protocol })), 'ProtocolNotSupported', protocol);
    },
  );
  test.each(['urn:hologram', core('nonsense')])('with the view %s is ViewNotSupported', async (view) => {
    expectFault(await ask(pulling({ VIEW: view })), 'ViewNotSupported', view);
  });
  test('with a character that the answer could not carry is InvalidArgument, before anything is reserved', async () => {
    const target = me.fresh();
    expectFault(
      await ask({ TARGET: uriOf(target), DIRECTION: 'pushToVoSpace', PROTOCOL: core('httpput'), VIEW: '\u0001' }),
      'InvalidArgument',
    );
    expectFault(await me.get(`/nodes${target}`), 'NodeNotFound');
  });
  test.each(['', 'x', '/path', 'http://example.org/x', 'vos://', 'vos:///a', 'vos://example.org~elsewhere/x', 'vos://a b/x'])(
    'with the target %j is InvalidURI',
    async (target) => {
      expectOneFault(await ask(pulling({ TARGET: target })), 'InvalidURI', 'InvalidArgument');
    },
  );
  test('with a missing node is NodeNotFound with its URI', async () => {
    const target = uriOf(me.fresh());
    expectFault(await ask(pulling({ TARGET: target })), 'NodeNotFound', target);
  });
  test('with a container as the source of a download is a 400', async () => {
    expectStatus(await ask(pulling({ TARGET: uriOf(me.home) })), 400);
  });
  test('with the root as target is a 400', async () => {
    expectStatus(await ask(pulling({ TARGET: uriOf('/') })), 400);
  });
  test('with no parameters at all is a 400', async () => {
    expectStatus(await me.get('/synctrans'), 400);
    expectStatus(await me.send('POST', '/synctrans'), 400);
  });
  test('is told as plain text', async () => {
    expect((await ask(without('TARGET'))).header('content-type')).toMatch(/^text\/plain/);
  });
});

describe('the public share protocol by parameters', () => {
  test('is ProtocolNotSupported for a private node and for uploads', async () => {
    expectFault(await ask(pulling({ PROTOCOL: PUBLIC_SHARE })), 'ProtocolNotSupported');
    expectFault(await ask({ TARGET: uriOf(me.fresh()), DIRECTION: 'pushToVoSpace', PROTOCOL: PUBLIC_SHARE }), 'ProtocolNotSupported');
  });
  ours('on this service', () => {
    test('gives anyone a URL for a public node', async () => {
      const owner = await newOpenUser('share-parameters');
      const path = await owner.stored(owner.fresh('shared.txt'), 'by parameters');
      await owner.set(path, { properties: { [core('publicread')]: 'true' } });
      const { protocols } = details(
        await anonymous.get(`/synctrans?${query({ TARGET: uriOf(path), DIRECTION: 'pullFromVoSpace', PROTOCOL: PUBLIC_SHARE })}`),
      );
      const first = await anonymous.get(protocols[0]?.endpoint ?? '');
      expect((first.status === 303 ? await anonymous.get(first.header('location') ?? '') : first).text).toBe('by parameters');
    });
  });
});

test('the anonymous are asked for authentication', async () => {
  expectFault(await anonymous.get(`/synctrans?${query(pulling())}`), 'NotAuthenticated');
});
