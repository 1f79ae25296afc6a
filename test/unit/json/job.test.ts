// UWS jobs in JSON.
import { describe, expect, it } from 'vitest';
import { formatJobJson, formatJobListJson, parseJobJson, parseJobListJson } from '../../../src/model/json/job.ts';
import { subjectOf, type Job, type JobDocument, type JobId } from '../../../src/model/job.ts';
import { asRead as asReadInXml, faultOf } from '../xml/support.ts';

const URLS = { jobs: 'https://example.org/vos/transfers' };
const JOB: Job = {
  id: 'j 42' as JobId,
  owner: 'user1',
  phase: 'ERROR',
  runId: 'r1',
  created: 0,
  started: 1000,
  ended: 2000,
  executionDuration: 0,
  destruction: 3000,
  parameters: [{ id: 'TARGET', value: 'vos://a/f' }],
  results: [{ id: 'transferDetails', href: 'results/transferDetails' }],
  error: { fault: 'NodeNotFound', detail: 'vos://a/f' },
  list: 'transfers',
  request: {
    kind: 'transfer',
    transfer: { targets: ['vos://a/f'], direction: 'pullFromVoSpace', protocols: [], params: [], version: '2.1' },
  },
  progress: { nodes: 12, totalNodes: 40, bytes: 0, errors: 1 },
  progressed: 2000,
};
const COURSE = {
  creationTime: '1970-01-01T00:00:00.000Z',
  startTime: '1970-01-01T00:00:01.000Z',
  endTime: '1970-01-01T00:00:02.000Z',
  subject: { kind: 'transfer', target: 'vos://a/f', direction: 'pullFromVoSpace' },
  errorSummary: { message: 'Node Not Found', fault: 'NodeNotFound', detail: 'vos://a/f' },
  progress: { nodes: 12, totalNodes: 40, bytes: 0, errors: 1, told: '1970-01-01T00:00:02.000Z', rate: 0 },
};
const JSON_JOB = {
  jobId: 'j 42',
  runId: 'r1',
  ownerId: 'user1',
  phase: 'ERROR',
  quote: null,
  ...COURSE,
  executionDuration: 0,
  destruction: '1970-01-01T00:00:03.000Z',
  parameters: [{ id: 'TARGET', value: 'vos://a/f' }],
  results: [{ id: 'transferDetails', href: 'https://example.org/vos/transfers/j%2042/results/transferDetails' }],
  jobInfo: { transfer: { target: 'vos://a/f', direction: 'pullFromVoSpace', protocols: [], params: [], version: '2.1' } },
};

/** JSON tells what a job is about, as well. */
const asRead = (job: Job): JobDocument => ({ ...asReadInXml(job), subject: subjectOf(job.request) });

describe('formatJobJson', () => {
  it('has the names of UWS and absolute links', () => {
    expect(JSON.parse(formatJobJson(JOB, URLS))).toEqual(JSON_JOB);
  });

  it('tells the rate in whole numbers', () => {
    const text = formatJobJson({ ...JOB, progress: { nodes: 10, bytes: 1000 }, progressed: 4000 }, URLS);
    expect(JSON.parse(text)).toMatchObject({ progress: { rate: 333 } });
  });

  it('has null for what a job does not have yet', () => {
    const { runId: _r, started: _s, ended: _e, error: _x, ...fresh } = JOB;
    expect(JSON.parse(formatJobJson({ ...fresh, owner: undefined }, URLS))).toMatchObject({
      ownerId: null,
      startTime: null,
      endTime: null,
    });
    expect(parseJobJson(formatJobJson({ ...fresh, owner: undefined, results: [] }, URLS))).toEqual(
      asRead({ ...fresh, owner: undefined, results: [] }),
    );
  });

  it('lists jobs with links to them', () => {
    const { runId: _, ...rest } = JOB;
    expect(JSON.parse(formatJobListJson([JOB, { ...rest, owner: undefined }], URLS)).jobs).toEqual([
      {
        jobId: 'j 42',
        href: 'https://example.org/vos/transfers/j%2042',
        phase: 'ERROR',
        runId: 'r1',
        ownerId: 'user1',
        ...COURSE,
      },
      {
        jobId: 'j 42',
        href: 'https://example.org/vos/transfers/j%2042',
        phase: 'ERROR',
        ownerId: null,
        ...COURSE,
      },
    ]);
  });
});

describe('parseJobListJson', () => {
  it('reads what formatJobListJson writes', () => {
    const { runId: _, ...rest } = JOB;
    const { started, ended, error, progress, progressed } = JOB;
    const course = { started, ended, error, progress, progressed, subject: subjectOf(JOB.request) };
    const reference = { id: 'j 42', href: `${URLS.jobs}/j%2042`, phase: 'ERROR', runId: 'r1', owner: 'user1', created: 0, ...course };
    const { runId: _r, owner: _o, ...bare } = reference;
    expect(parseJobListJson(formatJobListJson([JOB, { ...rest, owner: undefined }], URLS))).toEqual([reference, bare]);
    expect(faultOf(() => parseJobListJson('{}'))?.detail).toBe('JSON $.jobs: is missing');
  });
});

describe('parseJobJson', () => {
  it('passes over what a later service may add, and keeps a fault that it does not know', () => {
    const later = {
      ...JSON_JOB,
      later: { bytes: 1 },
      errorSummary: { message: '', fault: 'toString', detail: 'x', more: 1 },
      jobInfo: {},
    };
    const { transfer: _, ...job } = asRead(JOB);
    expect(parseJobJson(JSON.stringify(later))).toEqual({
      ...job,
      results: JSON_JOB.results,
      error: { fault: 'InternalFault', detail: 'toString x' },
    });
  });

  it('reads what formatJobJson writes', () => {
    expect(parseJobJson(formatJobJson(JOB, URLS))).toEqual(asRead({ ...JOB, results: JSON_JOB.results }));
  });

  it('names the path of what is wrong', () => {
    const refusal = (change: object) => faultOf(() => parseJobJson(JSON.stringify({ ...JSON_JOB, ...change })))?.detail;
    expect(refusal({ jobId: '' })).toBe('JSON $.jobId: is blank');
    expect(refusal({ phase: 'RUNNING' })).toBe('JSON $.phase: is not a phase of UWS');
    expect(refusal({ creationTime: 'yesterday' })).toContain('JSON $.creationTime: is not a time');
    expect(refusal({ creationTime: '2026-13-01T00:00:00Z' })).toContain('JSON $.creationTime: is not a time');
    expect(refusal({ executionDuration: -1 })).toBe('JSON $.executionDuration: is not a whole number');
    expect(refusal({ executionDuration: 0.5 })).toBe('JSON $.executionDuration: is not a whole number');
    expect(refusal({ executionDuration: '1' })).toBe('JSON $.executionDuration: is not a whole number');
    expect(refusal({ results: [{ id: 'a' }] })).toBe('JSON $.results[0].href: is missing');
    expect(refusal({ jobInfo: { transfer: { target: 'a' } } })).toBe('JSON $.jobInfo.transfer.direction: is missing');
  });
});
