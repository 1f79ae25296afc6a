// UWS job documents.
import { describe, expect, it } from 'vitest';
import type { Job, JobId } from '../../../src/model/job.ts';
import { formatJob, formatJobList, formatParameters, formatResults } from '../../../src/xml/job.ts';
import { parseJob, parseJobList } from '../../../src/xml/parse-job.ts';
import { readXml } from '../../../src/xml/read.ts';
import { asRead, faultOf, outline } from './support.ts';

const URLS = { jobs: 'https://example.org/vos/transfers' };
const JOB: Job = {
  id: 'j42' as JobId,
  owner: 'user1',
  phase: 'ERROR',
  runId: 'r & 1',
  created: Date.UTC(2026, 10, 22, 10),
  started: Date.UTC(2026, 10, 22, 10, 0, 1),
  ended: Date.UTC(2026, 10, 22, 10, 0, 2),
  executionDuration: 43200,
  destruction: Date.UTC(2026, 10, 29, 10),
  parameters: [{ id: 'TARGET', value: 'vos://a/f' }],
  results: [
    { id: 'transferDetails', href: 'results/transferDetails' },
    { id: 'dataNode', href: 'vos://a/f' },
  ],
  error: { fault: 'NodeNotFound', detail: 'vos://a/f' },
  list: 'transfers',
  request: {
    kind: 'transfer',
    transfer: { targets: ['vos://a/f'], direction: 'pullFromVoSpace', protocols: [], params: [], version: '2.1' },
  },
};
const { runId: _r, started: _s, ended: _e, error: _x, ...FRESH } = JOB;

describe('formatJob', () => {
  it('orders the elements as the schema has them', () => {
    expect(outline(formatJob(JOB, URLS))).toEqual([
      ...[
        'job',
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
        'parameter',
        'results',
        'result',
        'result',
      ].map((name) => `uws:${name}`),
      'uws:errorSummary',
      'uws:message',
      'uws:jobInfo',
      'vos:transfer',
      'vos:target',
      'vos:direction',
      'vopipe:detail',
    ]);
  });

  it('is UWS 1.1 with times in UTC and results as links, relative ones below the job', () => {
    const xml = formatJob(JOB, URLS);
    expect(xml).toContain('version="1.1"><uws:jobId>j42</uws:jobId><uws:runId>r &amp; 1</uws:runId>');
    expect(xml).toContain('<uws:quote xsi:nil="true"/><uws:creationTime>2026-11-22T10:00:00.000Z</uws:creationTime>');
    expect(xml).toContain(
      'id="transferDetails" xlink:type="simple" xlink:href="https://example.org/vos/transfers/j42/results/transferDetails"/>',
    );
    expect(xml).toContain('xlink:href="vos://a/f"/>');
    expect(xml).toContain('<uws:errorSummary type="fatal" hasDetail="true"><uws:message>Node Not Found</uws:message></uws:errorSummary>');
  });

  it('says nil for what a job does not have yet, and has no error summary', () => {
    const xml = formatJob({ ...FRESH, owner: undefined, phase: 'PENDING' }, URLS);
    expect(xml).toContain('<uws:ownerId xsi:nil="true"/>');
    expect(xml).toContain('<uws:startTime xsi:nil="true"/><uws:endTime xsi:nil="true"/>');
    expect(xml).not.toMatch(/errorSummary|runId/);
  });
});

describe('the documents below a job', () => {
  it('are a list of references, results and parameters, each a document of its own', () => {
    const list = readXml(formatJobList([JOB, { ...FRESH, owner: undefined }], URLS));
    expect(list.children.map((ref) => ref.children.map((child) => child.name))).toEqual([
      ['phase', 'runId', 'ownerId', 'creationTime'],
      ['phase', 'ownerId', 'creationTime'],
    ]);
    expect(list.children[0]?.attributes.map((a) => a.value)).toEqual(['j42', 'simple', 'https://example.org/vos/transfers/j42']);
    expect(readXml(formatResults(JOB, URLS)).children).toHaveLength(2);
    expect(readXml(formatParameters(JOB)).children[0]?.text).toBe('vos://a/f');
  });

  it('call an error transient when the same request may work later', () => {
    expect(
      ['NodeBusy', 'ServiceBusy', 'TooManyRequests', 'NodeNotFound'].map(
        (fault) => /errorSummary type="(\w+)"/.exec(formatJob({ ...JOB, error: { fault: fault as 'NodeBusy', detail: '' } }, URLS))?.[1],
      ),
    ).toEqual(['transient', 'transient', 'transient', 'fatal']);
  });
});

describe('parseJobList', () => {
  it('reads what formatJobList writes, and what UWS 1.0 has', () => {
    const bare = { id: 'j42', href: `${URLS.jobs}/j42`, phase: 'ERROR', created: JOB.created };
    expect(parseJobList(formatJobList([JOB, { ...FRESH, owner: undefined }], URLS))).toEqual([
      { ...bare, runId: 'r & 1', owner: 'user1' },
      bare,
    ]);
    expect(parseJobList('<jobs xmlns="http://www.ivoa.net/xml/UWS/v1.0"><jobref id="1"><phase>PENDING</phase></jobref></jobs>')).toEqual([
      { id: '1', href: '', phase: 'PENDING' },
    ]);
  });
});

describe('parseJob', () => {
  const job = (content: string) =>
    `<uws:job xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xlink="http://www.w3.org/1999/xlink">${content}</uws:job>`;
  const BASE = '<uws:jobId>\n1 </uws:jobId><uws:phase>COMPLETED</uws:phase>';

  it('reads what formatJob writes, with what the error says in detail', () => {
    const results = JOB.results.map((result) =>
      result.id === 'dataNode' ? result : { ...result, href: `${URLS.jobs}/j42/${result.href}` },
    );
    expect(parseJob(formatJob(JOB, URLS))).toEqual({
      ...asRead({ ...JOB, results }),
      version: '1.1',
    });
    expect(parseJob(formatJob({ ...FRESH, owner: undefined }, URLS))).toEqual({
      ...asRead({ ...FRESH, owner: undefined, results }),
      version: '1.1',
    });
  });

  it('reads a job of another service: without times and request, with a message of its own', () => {
    const read = parseJob(
      job(
        `${BASE}<uws:ownerId xsi:nil="true"/><uws:startTime>2026-11-22T10:00:01.5</uws:startTime><uws:endTime>2026-11-22T11:00:02+01:00</uws:endTime><uws:results><uws:result/></uws:results><uws:parameters><uws:parameter>x</uws:parameter></uws:parameters><uws:errorSummary><uws:message>disk full</uws:message></uws:errorSummary><uws:jobInfo><other/></uws:jobInfo>`,
      ),
    );
    expect(read).toEqual({
      id: '1',
      owner: undefined,
      phase: 'COMPLETED',
      started: Date.UTC(2026, 10, 22, 10, 0, 1, 500),
      ended: Date.UTC(2026, 10, 22, 10, 0, 2),
      executionDuration: 0,
      parameters: [{ id: '', value: 'x' }],
      results: [{ id: '', href: '' }],
      error: { fault: 'InternalFault', detail: 'disk full' },
    });
    expect(parseJob(job(`${BASE}<uws:errorSummary/>`)).error).toEqual({ fault: 'InternalFault', detail: '' });
    expect(parseJob(job(`${BASE}<uws:errorSummary><uws:message>NodeBusy</uws:message></uws:errorSummary>`)).error?.fault).toBe('NodeBusy');
  });

  it('refuses what is no job, naming what is wrong', () => {
    const refusal = (content: string) => faultOf(() => parseJob(job(content)))?.detail;
    expect(refusal('<uws:phase>PENDING</uws:phase>')).toBe('<job> has no <jobId>');
    expect(refusal('<uws:jobId>1</uws:jobId>')).toBe('<phase> is ""');
    expect(refusal('<uws:jobId>1</uws:jobId><uws:phase>RUNNING</uws:phase>')).toBe('<phase> is "RUNNING"');
    expect(refusal(`${BASE}<uws:startTime>yesterday</uws:startTime>`)).toContain('not a time');
    expect(refusal(`${BASE}<uws:executionDuration>-1</uws:executionDuration>`)).toContain('not a number of seconds');
  });
});
