// What the page reads out of the recon answers of Swift's servers.
import { expect, test } from 'vitest';
import { readReports } from '../../../src/page/service/reports.ts';

const NOW = 1_700_000_000;

test('a server that is well is told line by line', () => {
  const reports = {
    replication: { replication_last: NOW - 120, replication_stats: { failure: 0, success: 4 }, replication_time: 0.1 },
    auditor: {
      container_audits_passed: 3,
      container_audits_failed: 0,
      container_audits_since: NOW - 60,
      container_auditor_pass_completed: 0.1,
    },
    updater: { container_updater_sweep: 0.2 },
    async: { async_pending: 0, async_pending_last: NOW },
    unmounted: [],
    diskusage: [
      { device: 'd1', mounted: true, size: 100, used: 40, avail: 60 },
      { device: 'd2', mounted: false, size: '', used: '', avail: '' },
    ],
    quarantined: { accounts: 0, containers: 0, objects: 0, policies: { '0': { objects: 0 } } },
  };
  expect(readReports(reports, NOW)).toEqual([
    { name: 'Replication', text: 'last 2 min ago', tone: 'good' },
    { name: 'Auditor', text: 'last 1 min ago', tone: 'good' },
    { name: 'Updater', text: 'running', tone: 'good' },
    { name: 'Updates waiting', text: '0', tone: 'good' },
    { name: 'Disks', text: '1, the fullest 40 %', tone: 'good' },
    { name: 'Quarantined', text: '0', tone: 'good' },
  ]);
});

test('what somebody should look at stands out', () => {
  const reports = {
    replication: { object_replication_last: NOW - 200_000, replication_stats: { failure: 0 } },
    auditor: { object_auditor_stats_ALL: { quarantined: 2, errors: 1 } },
    async: { async_pending: 5000 },
    unmounted: [{ device: 'd1', mounted: false }],
    diskusage: [{ size: 100, used: 99 }],
    quarantined: { accounts: 0, containers: 1, objects: 2 },
  };
  expect(readReports(reports, NOW).map(({ name, tone }) => [name, tone])).toEqual([
    ['Replication', 'warn'],
    ['Auditor', 'bad'],
    ['Updates waiting', 'warn'],
    ['Disks', 'warn'],
    ['Quarantined', 'bad'],
  ]);
  expect(readReports({ replication: { replication_stats: { failure: 7 } } }, NOW)[0]).toEqual({
    name: 'Replication',
    text: '7 failed',
    tone: 'bad',
  });
});

test('a daemon that has not run yet is told as such, and what is strange is passed over', () => {
  expect(readReports({ replication: { replication_last: null, replication_stats: null } }, NOW)).toEqual([
    { name: 'Replication', text: 'has not told anything yet', tone: '' },
  ]);
  expect(readReports({ diskusage: 'x', quarantined: [], unmounted: null, async: 7 }, NOW)).toEqual([]);
});
