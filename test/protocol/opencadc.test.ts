// What OpenCADC's client does that other clients do not, as seen of vos 3.6: its product is in the User-Agent.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { core, transferDocument } from './documents.ts';
import { parseXml, readTransfer } from './tree.ts';
import { expectStatus, newGroup, newUser, ours, service, uriOf } from './world.ts';

const me = await newUser('opencadc');
const AGENT = { 'user-agent': 'vos/3.6.4 cadcutils/1.6.2 python/3.11' };

function digestOf(text: string): string {
  return `md5=${createHash('md5').update(text).digest('base64')}`;
}

async function pushEndpoints(
  path: string,
  headers: Record<string, string>,
): Promise<{ readonly urls: readonly string[]; readonly job: string }> {
  const document = transferDocument({ target: uriOf(path), direction: 'pushToVoSpace', protocols: [core('httpsput')] });
  const location =
    (await me.send('POST', '/synctrans', { body: document, headers: { ...headers, 'content-type': 'text/xml' } })).header('location') ?? '';
  const details = readTransfer(parseXml((await me.get(location, headers)).text));
  return { urls: details.protocols.map((protocol) => protocol.endpoint ?? ''), job: location.replace('/results/transferDetails', '') };
}

ours('the OpenCADC client', () => {
  test('looks at the phase between negotiation and upload, and its upload is taken all the same', async () => {
    const path = me.fresh();
    const { urls, job } = await pushEndpoints(path, AGENT);
    expect((await me.get(`${job}/phase`, AGENT)).text).toBe('EXECUTING');
    const sent = await me.send('PUT', urls[0] ?? '', { body: 'at once', headers: AGENT });
    expectStatus(sent, 201);
    expect(sent.header('digest')).toBe(digestOf('at once'));
    expect((await me.get(`${job}/phase`, AGENT)).text).toBe('COMPLETED');
  });

  test('is offered the endpoint that answers with a Digest first, others the store', async () => {
    const [first = ''] = (await pushEndpoints(me.fresh(), AGENT)).urls;
    expect(first.startsWith(`${service.base}/files/`), first).toBe(true);
    const [other = ''] = (await pushEndpoints(me.fresh(), {})).urls;
    expect(other.startsWith(service.base), other).toBe(false);
  });

  test('downloads with Digest and ranges, and finds an empty file empty', async () => {
    const path = await me.stored(me.fresh(), 'some bytes');
    const whole = await me.get(`/files${path}`, AGENT);
    expectStatus(whole, 200);
    expect([whole.text, whole.header('digest')]).toEqual(['some bytes', digestOf('some bytes')]);
    const part = await me.get(`/files${path}`, { ...AGENT, range: 'bytes=5-' });
    expectStatus(part, 206);
    expect(part.text).toBe('bytes');
    const empty = await me.get(`/files${await me.stored(me.fresh(), '')}`, AGENT);
    expectStatus(empty, 200);
    expect([empty.text, empty.header('content-length')]).toEqual(['', '0']);
  });

  test('finds a length on every container, for its sorted listing', async () => {
    expect((await me.read(await me.made(me.fresh()))).properties.get(core('length'))?.value).toBe('0');
  });

  test('puts the prefix of its own registry before a group, which means the group', async () => {
    const other = await newUser('opencadc-reader');
    const group = await newGroup(me, [other]);
    const path = await me.stored(me.fresh(), 'shared');
    expectStatus(await me.set(path, { properties: { [core('groupread')]: `ivo://cadc.nrc.ca/gms?${group}` } }), 200);
    expect((await me.read(path)).properties.get(core('groupread'))?.value).toBe(group);
  });
});

describe('its habits', () => {
  test('leave others their redirect', async () => {
    expectStatus(await me.get(`/files${await me.stored(me.fresh(), 'x')}`), 303);
  });
});
