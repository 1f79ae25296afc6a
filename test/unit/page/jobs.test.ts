// What the page says of jobs.
import { expect, test } from 'vitest';
import { describeProgress, describeRate, destinationOf, fractionOf, passes, secondsLeft, verbOf } from '../../../src/page/jobs/describe.ts';

test('a transfer is called by what it does', () => {
  const transfer = { kind: 'transfer', target: 'vos://a/f' } as const;
  expect(verbOf({ ...transfer, direction: 'pushToVoSpace' })).toBe('Upload');
  expect(verbOf({ ...transfer, direction: 'vos://a/g', keepBytes: true })).toBe('Copy');
  expect(verbOf({ ...transfer, direction: 'vos://a/g', keepBytes: false })).toBe('Move');
  expect(verbOf({ kind: 'delete', target: 'vos://a/f' })).toBe('Delete');
  expect(verbOf(undefined)).toBe('Job');
  expect(destinationOf({ ...transfer, direction: 'vos://a/g' })).toBe('vos://a/g');
  expect(destinationOf({ ...transfer, direction: 'pullToVoSpace' })).toBeUndefined();
});

test('progress is told in nodes and bytes, as far as they are known', () => {
  expect(describeProgress({ nodes: 1200, totalNodes: 5000, bytes: 3_000_000, errors: 2 })).toBe(
    '1,200 of 5,000 nodes · 3.00 MB · 2 refused',
  );
  expect(describeProgress({ nodes: 1, bytes: 0 })).toBe('1 node');
  expect(describeProgress({ nodes: 0 })).toBe('');
  expect(describeProgress({ nodes: 0, totalNodes: 4 })).toBe('0 of 4 nodes');
  expect(describeProgress({})).toBe('');
});

test('a fraction needs a whole', () => {
  expect(fractionOf({ nodes: 5 })).toBeUndefined();
  expect(fractionOf({ nodes: 5, totalNodes: 10 })).toBe(0.5);
  expect(fractionOf({ nodes: 10, totalNodes: 10, bytes: 1, totalBytes: 4 })).toBe(0.25);
  expect(fractionOf({ nodes: 0, totalNodes: 0 })).toBeUndefined();
});

test('rate and time left follow from what was done since the beginning', () => {
  const job = { started: 1000, progressed: 11_000, progress: { bytes: 20_000_000, totalBytes: 80_000_000 } };
  expect(describeRate(job)).toBe('2.00 MB/s');
  expect(secondsLeft(job)).toBeCloseTo(30);
  expect(describeRate({ ...job, progressed: 1000 })).toBeUndefined();
  expect(secondsLeft({ ...job, progress: { nodes: 3 } })).toBeUndefined();
});

test('each phase passes one filter besides all', () => {
  expect(passes({ phase: 'ERROR' }, 'failed')).toBe(true);
  expect(passes({ phase: 'ERROR' }, 'active')).toBe(false);
  expect(passes({ phase: 'QUEUED' }, 'all')).toBe(true);
});

test('a download that has gone well passes its own filter only, and one that has not is seen among the failed', () => {
  const subject = { kind: 'transfer', target: 'vos://a/f', direction: 'pullFromVoSpace' } as const;
  const filters = ['all', 'active', 'done', 'failed', 'downloads'] as const;
  expect(filters.filter((filter) => passes({ phase: 'COMPLETED', subject }, filter))).toEqual(['downloads']);
  expect(filters.filter((filter) => passes({ phase: 'ERROR', subject }, filter))).toEqual(['all', 'failed', 'downloads']);
  expect(filters.filter((filter) => passes({ phase: 'COMPLETED' }, filter))).toEqual(['all', 'done']);
});
