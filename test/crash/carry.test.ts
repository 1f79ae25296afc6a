// The service fetches and sends bytes itself: pullToVoSpace and pushFromVoSpace against a site that does what it likes.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FarServer, type Act } from '../support/far-server.ts';
import { ask, bytesOf, CORE, ended, jobAt, pull, push, submit, uri } from '../support/jobs.ts';
import { startService, type Service } from '../support/service.ts';
import { createContainer, writeBytes } from './written.ts';

const MIB = 1024 * 1024;
const BODY = randomBytes(200_000);
/** Three segments. */
const LARGE = Buffer.concat(Array.from({ length: 140 }, () => randomBytes(MIB)));

let service: Service;
let far: FarServer;
let number = 0;
const fresh = (): string => `/carry/n${(number += 1)}`;
const on = (...acts: Act[]): string => far.on(`/a${(number += 1)}`, ...acts);
const hash = (bytes: Buffer, name = 'md5'): string => createHash(name).update(bytes).digest('base64');
const statusOf = async (path: string): Promise<number> => (await ask(service, 'GET', `/nodes${path}?limit=0`)).status;

beforeAll(async () => {
  far = await FarServer.start();
  service = await startService({ vars: { TRANSFER_HOSTS: far.host } });
  expect(await createContainer(service, 'carry')).toBe(201);
});
afterAll(async () => {
  await service.stop();
  await far.stop();
});

async function pulled(endpoints: readonly string[], more: object = {}, target = fresh()) {
  const job = await ended(service, await pull(service, target, endpoints, more));
  return { target, job, fault: job.errorSummary?.fault, detail: job.errorSummary?.detail ?? '' };
}

describe('pullToVoSpace', () => {
  test('fetches a file with its type, and names the node and the endpoint that worked', async () => {
    const endpoint = on({ body: BODY, headers: { 'content-type': 'image/fits' } });
    const path = await pull(service, '/carry/named', [endpoint]);
    const job = await ended(service, path);
    expect(job).toMatchObject({
      phase: 'COMPLETED',
      results: [{ id: 'transferDetails' }, { id: 'dataNode', href: uri('/carry/named') }],
    });
    expect((await bytesOf(service, '/carry/named')).equals(BODY)).toBe(true);
    const node = (await (await ask(service, 'GET', '/nodes/carry/named')).json()) as { properties: Record<string, string> };
    expect(node.properties).toMatchObject({ [`${CORE}type`]: 'image/fits', [`${CORE}MD5`]: createHash('md5').update(BODY).digest('hex') });
    expect(await (await ask(service, 'GET', `${path}/results/transferDetails`)).json()).toMatchObject({ protocols: [{ endpoint }] });
  });

  test('takes a file that is empty, one whose length nobody says, and one inside a container', async () => {
    for (const body of [Buffer.alloc(0), BODY]) {
      for (const act of [{ body }, { body, chunked: true }, { body, ranges: true }]) {
        const { target, job } = await pulled([on(act)]);
        expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
        expect((await bytesOf(service, target)).equals(body)).toBe(true);
      }
    }
    const { job } = await pulled([on({ body: BODY })], {}, '/carry');
    const made = job.results.find(({ id }) => id === 'dataNode')?.href ?? '';
    expect(made).toMatch(/\/carry\/.+/);
    expect((await bytesOf(service, made.slice(uri('').length))).equals(BODY)).toBe(true);
  });

  test('fetches a large file in segments, with a checksum that was stated of the whole', async () => {
    const endpoint = on({ body: LARGE, ranges: true });
    const { target, job } = await pulled([endpoint], {
      params: [{ uri: `${CORE}MD5`, value: createHash('md5').update(LARGE).digest('hex') }],
    });
    expect(job).toMatchObject({ phase: 'COMPLETED', progress: { bytes: LARGE.length, totalBytes: LARGE.length } });
    expect((await bytesOf(service, target)).equals(LARGE)).toBe(true);
    expect(far.to(new URL(endpoint).pathname).map(({ headers }) => headers.range)).toEqual([
      `bytes=0-${64 * MIB - 1}`,
      `bytes=${64 * MIB}-${128 * MIB - 1}`,
      `bytes=${128 * MIB}-${LARGE.length - 1}`,
    ]);
  });

  test('goes on with the segment that broke, and repeats whole what cannot be divided', async () => {
    const divided = on({ body: LARGE, ranges: true }, { body: LARGE, ranges: true, cut: 5 * MIB }, { body: LARGE, ranges: true });
    const whole = on({ body: BODY, cut: 100_000 }, { status: 503, headers: { 'retry-after': '1' } }, { body: BODY });
    for (const [endpoint, body, asked] of [
      [divided, LARGE, 4],
      [whole, BODY, 3],
    ] as const) {
      const { target, job } = await pulled([endpoint]);
      expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
      expect((await bytesOf(service, target)).equals(body)).toBe(true);
      expect(far.to(new URL(endpoint).pathname)).toHaveLength(asked);
    }
  });

  test('tries the endpoints in their order, each once, and tells why none works', async () => {
    const gone = on({ status: 404, body: Buffer.from('a secret answer') });
    const good = on({ body: BODY });
    const unused = on({ body: LARGE });
    const { target, job } = await pulled(['http://127.0.0.1:1/x', gone, good, unused]);
    expect(job.phase).toBe('COMPLETED');
    expect((await bytesOf(service, target)).equals(BODY)).toBe(true);
    expect([gone, good, unused].map((endpoint) => far.to(new URL(endpoint).pathname).length)).toEqual([1, 1, 0]);
    const { fault, detail, target: failed } = await pulled(['https://elsewhere.example/x?secret=1', gone]);
    expect([fault, detail]).toEqual([
      'TransferFailed',
      `elsewhere.example is not among the hosts of TRANSFER_HOSTS; ${far.host} answers 404`,
    ]);
    expect(await statusOf(failed)).toBe(404);
  });

  test('gives up a source that changes between two segments, and begins anew with the next endpoint', async () => {
    const other = Buffer.from(LARGE).fill(1, 0, 10);
    const changing = on({ body: LARGE, ranges: true }, { body: other, ranges: true });
    const { fault, detail } = await pulled([changing]);
    expect([fault, detail]).toEqual(['TransferFailed', `${far.host} has other bytes than at the beginning: the source has changed`]);
    const again = on({ body: LARGE, ranges: true }, { body: other, ranges: true });
    const { target, job } = await pulled([again, on({ body: other, ranges: true })]);
    expect(job.phase).toBe('COMPLETED');
    expect((await bytesOf(service, target)).equals(other)).toBe(true);
  });

  test.each<[string, Act, object]>([
    ['a Repr-Digest', { body: BODY, headers: { 'repr-digest': `sha-256=:${hash(LARGE, 'sha256')}:` } }, {}],
    ['a Digest', { body: BODY, ranges: true, headers: { digest: `md5=${hash(LARGE)}` } }, {}],
    ['a Content-MD5', { body: BODY, headers: { 'content-md5': hash(LARGE) } }, {}],
    ['the MD5 of the request', { body: BODY }, { params: [{ uri: `${CORE}MD5`, value: '0'.repeat(32) }] }],
    ['the MD5 of the request, in segments', { body: LARGE, ranges: true }, { params: [{ uri: `${CORE}MD5`, value: '0'.repeat(32) }] }],
    ['the length of the request', { body: BODY }, { params: [{ uri: `${CORE}length`, value: '7' }] }],
  ])('keeps nothing when the bytes are not as %s has it', async (_, act, more) => {
    const { fault, target } = await pulled([on(act)], more);
    expect(fault).toBe('TransferFailed');
    await expect.poll(() => statusOf(target)).toBe(404);
  });

  test('takes bytes that are as they were stated', async () => {
    const headers = { 'repr-digest': `sha-256=:${hash(BODY, 'sha256')}:, sha-512=:${hash(BODY, 'sha512')}:`, 'content-md5': hash(BODY) };
    expect((await pulled([on({ body: BODY, headers })])).job.phase).toBe('COMPLETED');
  });

  test('leaves what is there until the bytes are complete, and when they never are', async () => {
    const target = fresh();
    expect(await writeBytes(service, target.slice(1), 'before')).toBe(201);
    const { fault } = await pulled([on({ body: BODY, headers: { 'content-encoding': 'br' } })], {}, target);
    expect(fault).toBe('TransferFailed');
    expect((await bytesOf(service, target)).toString()).toBe('before');
    expect((await pulled([on({ body: BODY })], {}, target)).job.phase).toBe('COMPLETED');
    expect((await bytesOf(service, target)).equals(BODY)).toBe(true);
  });

  test('is refused by the quota before the bytes come', async () => {
    expect(await createContainer(service, 'carry/small')).toBe(201);
    const quota = { uri: uri('/carry/small'), type: 'ContainerNode', properties: { [`${CORE}quota`]: '1000' } };
    expect((await ask(service, 'POST', '/nodes/carry/small', JSON.stringify(quota), { 'content-type': 'application/json' })).status).toBe(
      200,
    );
    const { fault } = await pulled([on({ body: BODY, ranges: true })], {}, '/carry/small/x');
    expect(fault).toBe('QuotaExceeded');
    await expect.poll(() => statusOf('/carry/small/x')).toBe(404);
    expect((await pulled([on({ body: BODY.subarray(0, 1000) })], {}, '/carry/small/x')).job.phase).toBe('COMPLETED');
  });

  test('ends at once when it is aborted, and leaves nothing', async () => {
    const target = fresh();
    const endpoint = on({ hangs: true });
    const path = await pull(service, target, [endpoint]);
    await expect.poll(() => far.to(new URL(endpoint).pathname).length).toBe(1);
    expect(await statusOf(target)).toBe(200);
    await ask(service, 'POST', `${path}/phase`, 'PHASE=ABORT', { 'content-type': 'application/x-www-form-urlencoded' });
    expect((await jobAt(service, path)).phase).toBe('ABORTED');
    await expect.poll(() => statusOf(target)).toBe(404);
  });

  test('has the faults of the standard', async () => {
    const pullFrom = (protocols: object[], more: object = {}) =>
      submit(service, { target: uri(fresh()), direction: 'pullToVoSpace', protocols, ...more });
    const faultOf = async (path: Promise<string>) => (await ended(service, await path)).errorSummary?.fault;
    const endpoint = on({ body: BODY });
    const get = { uri: `${CORE}httpget`, endpoint };
    expect(await faultOf(pullFrom([{ uri: 'ivo://example/scp', endpoint }]))).toBe('ProtocolNotSupported');
    expect(await faultOf(pullFrom([{ uri: `${CORE}httpget` }]))).toBe('InvalidArgument');
    expect(await faultOf(pullFrom([get], { view: { uri: `${CORE}defaultview` } }))).toBe('ViewNotSupported');
    expect(await faultOf(pullFrom([get], { target: uri('/nowhere/at/all') }))).toBe('ContainerNotFound');
    expect(await faultOf(pullFrom([get], { target: 'vos://other~vospace/x' }))).toBe('InvalidURI');
    expect(far.to(new URL(endpoint).pathname)).toEqual([]);
  });
});

describe('pushFromVoSpace', () => {
  test('sends the bytes with their type and length to the first endpoint that takes them', async () => {
    const source = fresh();
    expect((await ask(service, 'PUT', `/files${source}`, BODY, { 'content-type': 'image/fits' })).status).toBe(201);
    const [closed, taking, unused] = [on({ status: 403 }), on({ status: 201 }), on({ status: 201 })];
    const job = await ended(service, await push(service, source, ['https://elsewhere.example/x', closed, taking, unused]));
    expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'transferDetails' }, { id: 'dataNode', href: uri(source) }] });
    const [asked] = far.to(new URL(taking).pathname);
    expect(asked).toMatchObject({ method: 'PUT', headers: { 'content-type': 'image/fits', 'content-length': String(BODY.length) } });
    expect(asked?.body.equals(BODY)).toBe(true);
    expect(far.to(new URL(unused).pathname)).toEqual([]);
  });

  test('is repeated whole after what may pass, and follows a redirect', async () => {
    const source = fresh();
    expect((await ask(service, 'PUT', `/files${source}`, BODY)).status).toBe(201);
    const place = on({ status: 201 });
    const endpoint = on({ cut: 50_000 }, { status: 503, headers: { 'retry-after': '1' } }, { status: 307, headers: { location: place } });
    const job = await ended(service, await push(service, source, [endpoint]));
    expect(job.phase, JSON.stringify(job)).toBe('COMPLETED');
    expect(far.to(new URL(place).pathname)[0]?.body.equals(BODY)).toBe(true);
  });

  test('that no endpoint takes is a failed transfer that names the hosts', async () => {
    const source = fresh();
    expect((await ask(service, 'PUT', `/files${source}`, 'x')).status).toBe(201);
    const job = await ended(service, await push(service, source, [on({ status: 413, body: Buffer.from('secret') })]));
    expect(job.errorSummary).toMatchObject({ fault: 'TransferFailed', detail: `${far.host} answers 413` });
    expect((await ended(service, await push(service, fresh(), [on({})]))).errorSummary?.fault).toBe('NodeNotFound');
  });
});
