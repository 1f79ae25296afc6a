// What Swift's recon answers mean: each as a line, and whether somebody should look at it.

export interface Line {
  readonly name: string;
  readonly text: string;
  readonly tone: 'good' | 'warn' | 'bad' | '';
}

type Facts = Readonly<Record<string, unknown>>;

/** Seconds after which a background daemon that has told nothing is worth a look. */
const LATE = 24 * 3600;
/** Of a disk's bytes. */
const FULL = 0.9;

/** `now`: epoch seconds. In the order in which an operator looks. */
export function readReports(reports: Readonly<Record<string, unknown>>, now: number): readonly Line[] {
  return [
    ...daemon('Replication', reports['replication'], ['object_replication_last', 'replication_last'], now, (facts) => {
      const failed = numberIn(asFacts(facts['replication_stats']), 'failure');
      return failed > 0 ? `${failed} failed` : undefined;
    }),
    ...daemon('Auditor', reports['auditor'], ['container_audits_since', 'account_audits_since', 'start_time'], now, auditFailures),
    ...daemon('Updater', reports['updater'], [], now, () => undefined),
    ...daemon('Expirer', reports['expirer'], [], now, () => undefined),
    ...count('Updates waiting', asFacts(reports['async'])['async_pending'], 1000),
    ...disks(reports['unmounted'], reports['diskusage']),
    ...quarantined(asFacts(reports['quarantined'])),
  ];
}

function daemon(
  name: string,
  report: unknown,
  times: readonly string[],
  now: number,
  failures: (facts: Facts) => string | undefined,
): readonly Line[] {
  if (report === undefined) return [];
  const facts = asFacts(report);
  const known = Object.values(facts).some((value) => value !== null);
  if (!known) return [{ name, text: 'has not told anything yet', tone: '' }];
  const last = Math.max(0, ...times.map((time) => numberIn(facts, time)));
  const failed = failures(facts);
  if (failed !== undefined) return [{ name, text: failed, tone: 'bad' }];
  if (last > 0 && now - last > LATE) return [{ name, text: `last ${Math.round((now - last) / 3600)} h ago`, tone: 'warn' }];
  return [{ name, text: last > 0 ? `last ${Math.max(0, Math.round((now - last) / 60))} min ago` : 'running', tone: 'good' }];
}

function auditFailures(facts: Facts): string | undefined {
  const failed = numberIn(facts, 'container_audits_failed') + numberIn(facts, 'account_audits_failed');
  const stats = asFacts(facts['object_auditor_stats_ALL']);
  const bad = failed + numberIn(stats, 'quarantined') + numberIn(stats, 'errors');
  return bad > 0 ? `${bad} with errors` : undefined;
}

function count(name: string, value: unknown, many: number): readonly Line[] {
  return typeof value === 'number' ? [{ name, text: String(value), tone: value >= many ? 'warn' : 'good' }] : [];
}

/** A Swift that is only tried out keeps its devices in plain folders: then none is mounted. */
function disks(unmounted: unknown, usage: unknown): readonly Line[] {
  const gone = Array.isArray(unmounted) ? unmounted.length : 0;
  const used = (Array.isArray(usage) ? usage : []).map(asFacts).filter((disk) => numberIn(disk, 'size') > 0);
  if (gone > 0) return [{ name: 'Disks', text: `${gone} not mounted`, tone: 'warn' }];
  if (used.length === 0) return [];
  const fullest = Math.max(...used.map((disk) => numberIn(disk, 'used') / numberIn(disk, 'size')));
  return [{ name: 'Disks', text: `${used.length}, the fullest ${Math.round(fullest * 100)} %`, tone: fullest > FULL ? 'warn' : 'good' }];
}

function quarantined(facts: Facts): readonly Line[] {
  const total = ['accounts', 'containers', 'objects'].reduce((sum, name) => sum + numberIn(facts, name), 0);
  return Object.keys(facts).length === 0 ? [] : [{ name: 'Quarantined', text: String(total), tone: total > 0 ? 'bad' : 'good' }];
}

function asFacts(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {};
}

function numberIn(facts: Facts, name: string): number {
  const value = facts[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
