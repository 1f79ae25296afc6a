// The job behind a synchronous transfer: UWS 1.1 sections 2.1 and 2.2, as far as VOSpace 2.1 section 6.4 needs it.
import { describe, expect, test } from 'vitest';
import { core, transferDocument, type TransferSpec } from './documents.ts';
import { parseXml, readJob, readTransfer } from './tree.ts';
import { anonymous, expectFault, expectStatus, newUser, ours, service, unique, uriOf } from './world.ts';

const me = await newUser('sync-jobs');

/** Starts a transfer, and answers the path of its job below the base URL. */
async function start(spec: TransferSpec): Promise<string> {
  const answer = await me.post('/synctrans', transferDocument(spec));
  expectStatus(answer, 303);
  return (answer.header('location') ?? '').slice(service.base.length).replace('/results/transferDetails', '');
}
async function pull(): Promise<string> {
  return start({ target: uriOf(await me.stored(me.fresh(), 'x')) });
}
const ORDER = [
  'jobId',
  'runId',
  'ownerId',
  'phase',
  'quote',
  'creationTime',
  'startTime',
  'endTime',
  'executionDuration',
  'destruction',
  'parameters',
  'results',
  'errorSummary',
  'jobInfo',
];

describe('the job of a synchronous transfer', () => {
  test('is a uws:job of version 1.1 with its elements in the order of the schema', async () => {
    const path = await pull();
    const answer = await me.get(path);
    expectStatus(answer, 200);
    const job = readJob(parseXml(answer.text));
    expect([job.id, job.version]).toEqual([path.slice(path.lastIndexOf('/') + 1), '1.1']);
    expect(job.order).toEqual(ORDER.filter((name) => job.order.includes(name)));
    expect(job.order).toEqual(expect.arrayContaining(['jobId', 'ownerId', 'phase', 'quote', 'executionDuration', 'destruction']));
    expect(job.owner).toBe(me.name);
  });

  test('holds the transfer that was asked for', async () => {
    const target = uriOf(await me.stored(me.fresh(), 'x'));
    const job = readJob(parseXml((await me.get(await start({ target, view: core('defaultview') }))).text));
    expect(job.transfer).toMatchObject({ target, direction: 'pullFromVoSpace', view: core('defaultview') });
    expect(job.transfer?.protocols.map(({ uri }) => uri)).toEqual([core('httpget')]);
  });

  test('has the result transferDetails, and its link works', async () => {
    const path = await pull();
    const href = readJob(parseXml((await me.get(path)).text)).results.get('transferDetails') ?? '';
    expect(href).toBe(`${service.base}${path}/results/transferDetails`);
    expect(readTransfer(parseXml((await me.get(href)).text)).protocols.length).toBeGreaterThan(0);
  });

  test('for an upload is EXECUTING until the bytes have come, and then COMPLETED', async () => {
    const path = await start({ target: uriOf(me.fresh()), direction: 'pushToVoSpace', protocols: [core('httpput')] });
    expect((await me.get(`${path}/phase`)).text).toBe('EXECUTING');
    const details = readTransfer(parseXml((await me.get(`${path}/results/transferDetails`)).text));
    expectStatus(await me.send('PUT', details.protocols[0]?.endpoint ?? '', { body: 'bytes' }), 200, 201);
    await expect.poll(async () => (await me.get(`${path}/phase`)).text, { timeout: 15_000 }).toBe('COMPLETED');
  });

  test('for a download is EXECUTING or COMPLETED', async () => {
    expect(['EXECUTING', 'COMPLETED']).toContain((await me.get(`${await pull()}/phase`)).text);
  });

  test('tells its phase as text without a line end', async () => {
    const answer = await me.get(`${await pull()}/phase`);
    expect(answer.header('content-type')).toMatch(/^text\/plain/);
    expect(answer.text).toMatch(/^[A-Z]+$/);
  });

  test('that has failed has phase, errorSummary and error, and details without protocols', async () => {
    const target = uriOf(me.fresh());
    const path = await start({ target });
    expect((await me.get(`${path}/phase`)).text).toBe('ERROR');
    const job = readJob(parseXml((await me.get(path)).text));
    expect([job.phase, job.errorSummary]).toEqual(['ERROR', 'Node Not Found']);
    const error = await me.get(`${path}/error`);
    expectStatus(error, 200);
    expect(error.header('content-type')).toMatch(/^text\/plain/);
    expect(error.text).toMatch(/^NodeNotFound[^\n]*$/);
    const details = readTransfer(parseXml((await me.get(`${path}/results/transferDetails`)).text));
    expect([details.target, details.protocols]).toEqual([target, []]);
  });

  test.each(['/owner', '/executionduration', '/destruction', '/results', '/parameters'])('has the resource %s', async (resource) => {
    expectStatus(await me.get((await pull()) + resource), 200);
  });

  ours('is private', () => {
    test.each(['', '/phase', '/error', '/results', '/results/transferDetails'])(
      'at %j: 403 to other users and 401 to the anonymous',
      async (resource) => {
        const path = await pull();
        const other = await newUser('sync-jobs-other');
        expectFault(await other.get(path + resource), 'PermissionDenied');
        expectFault(await anonymous.get(path + resource), 'NotAuthenticated');
        expect((await other.get(path + resource)).text).not.toContain(me.home);
      },
    );
    test('and one that does not exist looks the same to others', async () => {
      const other = await newUser('sync-jobs-other');
      const [path, missing] = [await pull(), await pull()];
      const [first, second] = [await other.get(`${path}/phase`), await other.get(`${missing.slice(0, -4)}zzzz/phase`)];
      expect([404, first.status]).toContain(second.status);
    });
  });

  test('does not exist under a made-up name', async () => {
    for (const path of [`/transfers/${unique('job')}`, '/transfers/%2e%2e%2fx', '/transfers/x%00y/phase']) {
      const answer = await me.get(path);
      expect([400, 403, 404], `${path} ${answer.status}`).toContain(answer.status);
    }
  });
});
