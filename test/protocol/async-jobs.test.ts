// Asynchronous transfers as UWS jobs: UWS 1.1 section 2.2, VOSpace 2.1 section 6.4.
import { describe, expect, test } from 'vitest';
import { core, transferDocument, type TransferSpec } from './documents.ts';
import { parseXml, readJob, readTransfer } from './tree.ts';
import { anonymous, expectFault, expectStatus, newUser, ours, service, uriOf, type User } from './world.ts';

const me = await newUser('async-jobs');

/** Makes a job, and answers its path below the base URL. */
async function made(spec: TransferSpec, query = '', user: User = me): Promise<string> {
  const answer = await user.post(`/transfers${query}`, transferDocument(spec));
  expectStatus(answer, 303);
  const location = answer.header('location') ?? '';
  expect(location.startsWith(`${service.base}/transfers/`), location).toBe(true);
  return location.slice(service.base.length);
}
const form = (path: string, body: string) => me.post(path, body, 'application/x-www-form-urlencoded');
const phaseOf = async (path: string): Promise<string> => (await me.get(`${path}/phase`)).text;
const becomes = (path: string, phase: string) => expect.poll(() => phaseOf(path), { timeout: 15_000 }).toBe(phase);

ours('a job of the anonymous', () => {
  test('is kept for minutes until it is run, and for an hour then, whatever is asked for', async () => {
    const path = await made({ target: uriOf(me.fresh()) }, '', anonymous);
    const minutes = async (): Promise<number> => {
      const { creationTime, destruction } = JSON.parse((await anonymous.get(path, { accept: 'application/json' })).text) as {
        creationTime: string;
        destruction: string;
      };
      return (Date.parse(destruction) - Date.parse(creationTime)) / 60_000;
    };
    expect(await minutes()).toBe(5);
    const late = 'DESTRUCTION=2100-01-01T00:00:00Z';
    expectStatus(await anonymous.post(`${path}/destruction`, late, 'application/x-www-form-urlencoded'), 303);
    expect(await minutes()).toBe(5);
    expectStatus(await anonymous.post(`${path}/phase`, 'PHASE=RUN', 'application/x-www-form-urlencoded'), 303);
    expect(await minutes()).toBe(60);
  });
});

describe('an asynchronous job', () => {
  test('waits in PENDING until it is told to run', async () => {
    const path = await made({ target: uriOf(await me.stored(me.fresh(), 'x')) });
    expect(await phaseOf(path)).toBe('PENDING');
    expectFault(await me.get(`${path}/results/transferDetails`), 'NotFound');
    const answer = await form(`${path}/phase`, 'PHASE=RUN');
    expectStatus(answer, 303);
    expect(answer.header('location')).toBe(service.base + path);
    await becomes(path, 'COMPLETED');
  });

  test.each(['%00', '%01', '%EF%BF%BE', '%7F%1F'])('refuses a RUNID with %s, which would make the list of jobs unreadable', async (id) => {
    const answer = await me.post(`/transfers?RUNID=a${id}b`, transferDocument({ target: uriOf(me.fresh()) }));
    expectFault(answer, 'InvalidArgument');
    expectStatus(await me.get('/transfers'), 200);
  });

  test.each(['phase=RUN', 'Phase=run', 'PHASE=RUN'])('runs at %s, and at once when the URL that makes it says so', async (parameter) => {
    const path = await made({ target: uriOf(await me.stored(me.fresh(), 'x')) }, `?${parameter}`);
    await becomes(path, 'COMPLETED');
    const details = readTransfer(parseXml((await me.get(`${path}/results/transferDetails`)).text));
    expect((await me.send('GET', details.protocols[0]?.endpoint ?? '')).text).toBe('x');
    expect([...readJob(parseXml((await me.get(path)).text)).results.keys()]).toEqual(
      expect.arrayContaining(['transferDetails', 'dataNode']),
    );
  });

  test('for an upload is EXECUTING until the bytes are there, and ends without being asked', async () => {
    const target = me.fresh();
    const path = await made({ target: uriOf(target), direction: 'pushToVoSpace', protocols: [core('httpput')] }, '?PHASE=RUN');
    await becomes(path, 'EXECUTING');
    await expect.poll(async () => (await me.get(`${path}/results/transferDetails`)).status, { timeout: 15_000 }).toBe(200);
    const details = readTransfer(parseXml((await me.get(`${path}/results/transferDetails`)).text));
    expectStatus(await me.send('PUT', details.protocols[0]?.endpoint ?? '', { body: 'bytes' }), 200, 201);
    // Somebody reads the node, nobody the job: it is told all the same.
    await expect.poll(async () => (await me.read(target)).properties.get(core('length'))?.value, { timeout: 15_000 }).toBe('5');
    const listed = async () =>
      (await me.get('/transfers?PHASE=COMPLETED', { accept: 'application/json' })).text.includes(path.slice('/transfers/'.length));
    await expect.poll(listed, { timeout: 15_000 }).toBe(true);
  });

  test('that cannot be done ends in ERROR with the fault of the standard', async () => {
    const path = await made({ target: uriOf(me.fresh()) }, '?PHASE=RUN');
    await becomes(path, 'ERROR');
    expect((await me.get(`${path}/error`)).text).toBe('NodeNotFound');
    const { text } = await me.get(path);
    expect(readJob(parseXml(text)).errorSummary).toBe('Node Not Found');
    // Which node it was: the standard's summary has no place for it.
    expect(text).toMatch(/<vopipe:detail [^>]*>vos:\/\/[^<]*<\/vopipe:detail><\/uws:jobInfo>/);
  });

  test('tells its parameters and results in JSON, too, where that is asked for', async () => {
    const path = await made({ target: uriOf(await me.stored(me.fresh(), 'x')) }, '?PHASE=RUN');
    await becomes(path, 'COMPLETED');
    const read = async (part: string): Promise<unknown> =>
      JSON.parse((await me.get(`${path}/${part}`, { accept: 'application/json' })).text);
    const { results } = (await read('results')) as { results: unknown[] };
    expect(results).toContainEqual({ id: 'transferDetails', href: `${service.base}${path}/results/transferDetails` });
    expect(await read('parameters')).toEqual({ parameters: [] });
  });

  test('ends at once when it is aborted, and gives back what it had reserved', async () => {
    const target = me.fresh();
    const path = await made({ target: uriOf(target), direction: 'pushToVoSpace', protocols: [core('httpput')] }, '?PHASE=RUN');
    await expect.poll(async () => (await me.get(`${path}/results/transferDetails`)).status, { timeout: 15_000 }).toBe(200);
    expectStatus(await form(`${path}/phase`, 'PHASE=ABORT'), 303);
    expect(await phaseOf(path)).toBe('ABORTED');
    expect(readTransfer(parseXml((await me.get(`${path}/results/transferDetails`)).text)).protocols).toEqual([]);
    await expect.poll(async () => (await me.get(`/nodes${target}`)).status, { timeout: 15_000 }).toBe(404);
    expectStatus(await form(`${path}/phase`, 'PHASE=RUN'), 303);
    expect(await phaseOf(path)).toBe('ABORTED');
  });

  test('is forgotten by DELETE and by ACTION=DELETE, with a redirect to the list', async () => {
    for (const forget of [(path: string) => me.send('DELETE', path), (path: string) => form(path, 'ACTION=DELETE')]) {
      const path = await made({ target: uriOf(me.home) });
      const answer = await forget(path);
      expectStatus(answer, 303);
      expect(answer.header('location')).toBe(`${service.base}/transfers`);
      expectFault(await me.get(path), 'NotFound');
    }
  });

  test('has a destruction time and an execution duration that can be set', async () => {
    const path = await made({ target: uriOf(me.home) });
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    expectStatus(await form(`${path}/destruction`, `DESTRUCTION=${soon}`), 303);
    expect((await me.get(`${path}/destruction`)).text).toBe(soon);
    expectStatus(await form(`${path}/executionduration`, 'EXECUTIONDURATION=60'), 303);
    expect((await me.get(`${path}/executionduration`)).text).toBe('60');
    expectFault(await form(`${path}/destruction`, 'DESTRUCTION=tomorrow'), 'InvalidArgument');
    expectFault(await form(`${path}/executionduration`, 'EXECUTIONDURATION=-1'), 'InvalidArgument');
    expectFault(await form(`${path}/phase`, 'PHASE=STOP'), 'InvalidArgument');
    expectFault(await form(`${path}/phase`, ''), 'InvalidArgument');
  });

  test('keeps the RUNID that it was given', async () => {
    const path = await made({ target: uriOf(me.home) }, '?RUNID=night%2042');
    expect(JSON.parse((await me.get(path, { accept: 'application/json' })).text)).toMatchObject({
      runId: 'night 42',
      phase: 'PENDING',
    });
  });

  test('cannot be made of what is no transfer', async () => {
    expectFault(await me.post('/transfers', '<nonsense/>'), 'InvalidArgument');
    expectFault(await me.post('/transfers', ''), 'InvalidArgument');
    expectFault(await me.post('/transfers?PHASE=ABORT', transferDocument({ target: uriOf(me.home) })), 'InvalidArgument');
  });

  ours('is private', () => {
    test('to run, abort, change and delete as well as to read', async () => {
      const path = await made({ target: uriOf(me.home) });
      const other = await newUser('async-jobs-other');
      expectFault(await other.post(`${path}/phase`, 'PHASE=RUN', 'application/x-www-form-urlencoded'), 'PermissionDenied');
      expectFault(await other.post(`${path}/phase`, 'PHASE=ABORT', 'application/x-www-form-urlencoded'), 'PermissionDenied');
      expectFault(
        await other.post(`${path}/destruction`, 'DESTRUCTION=2030-01-01', 'application/x-www-form-urlencoded'),
        'PermissionDenied',
      );
      expectFault(await other.send('DELETE', path), 'PermissionDenied');
      expect(await phaseOf(path)).toBe('PENDING');
    });
  });
});
