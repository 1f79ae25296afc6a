// What a Space owes: each kind of row with a deadline, and what the alarm does about it. Nothing here waits for bytes.
import { AUDIT_LIFE } from '../../model/limits.ts';
import type { StoreContainer } from '../../objects/port.ts';
import type { Duty } from '../alarm.ts';
import { all, first, run } from '../sql.ts';
import type { Core } from './core.ts';
import { isPaused } from './operator/pause.ts';
import type { Owed } from './outbox.ts';
import * as q from './queries.ts';
import { relocationDuties } from './relocation/duties.ts';
import { receiptDuty } from './nodes/receipts.ts';
import { purgeBatch } from './nodes/removal.ts';
import { storeContainer } from './uploads/uploads.ts';

/** How a Space has work done outside itself. Each answers at once; what became of the work is reported by a call, or the row comes due again. */
export interface Errands {
  readonly settle: (upload: string) => void;
  readonly sweep: (container: StoreContainer, keys: readonly string[]) => void;
  /** Removes the emptied store container; resolves when it is gone. */
  readonly drop: (container: StoreContainer) => Promise<void>;
  /** Has the header of a file made properties of its node; resolves when there is a job for that. */
  readonly extract: (path: readonly string[], upload: string, owner: string) => Promise<void>;
  /** Resolves when the other object knows. */
  readonly deliver: (owed: Owed) => Promise<void>;
}

/** Errands given out per alarm, and how long one may take before it is given out again. */
const BATCH = 100;
const ERRAND = 120_000;

export function duties(core: Core, storage: DurableObjectStorage, errands: Errands): readonly Duty[] {
  const sql = core.sql;
  return [
    { name: 'uploads', next: () => first(sql, q.NEXT_UPLOAD)?.due ?? undefined, work: (now) => checkUploads(core, errands, now) },
    { name: 'purge', next: () => first(sql, q.PURGE_DUE)?.due ?? undefined, work: () => storage.transactionSync(() => purgeBatch(core)) },
    {
      name: 'leftovers',
      next: () => (isPaused(core) ? undefined : (first(sql, q.NEXT_LEFTOVER)?.due ?? undefined)),
      work: (now) => sweepLeftovers(core, errands, now),
    },
    { name: 'outbox', next: () => first(sql, q.NEXT_OUTBOX)?.due ?? undefined, work: (now) => deliverOutbox(core, errands, now) },
    ...relocationDuties(core, storage),
    receiptDuty(core),
    { name: 'audit', next: () => oldestAudit(sql), work: (now) => void run(sql, q.TRIM_AUDIT, now - AUDIT_LIFE) },
  ];
}

function checkUploads(core: Core, errands: Errands, now: number): void {
  for (const upload of all(core.sql, q.DUE_UPLOADS, now, BATCH)) {
    if (upload.outcome !== null) run(core.sql, q.DROP_UPLOAD, upload.id);
    else {
      run(core.sql, q.DELAY_UPLOAD, now + ERRAND, upload.id);
      errands.settle(upload.id);
    }
  }
}

function sweepLeftovers(core: Core, errands: Errands, now: number): void {
  const keys = all(core.sql, q.DUE_LEFTOVERS, now, BATCH).map((row) => row.key);
  for (const key of keys) run(core.sql, q.DELAY_LEFTOVER, now + ERRAND, key);
  if (keys.length > 0) errands.sweep(storeContainer(core), keys);
}

async function deliverOutbox(core: Core, errands: Errands, now: number): Promise<void> {
  for (const row of all(core.sql, q.DUE_OUTBOX, now, BATCH)) {
    run(core.sql, q.DELAY_OUTBOX, now + Math.min(300_000, 1000 * 2 ** Math.min(row.attempts, 8)), row.id);
    try {
      await errands.deliver(JSON.parse(row.payload) as Owed);
      run(core.sql, q.DROP_OUTBOX, row.id);
    } catch (error) {
      console.error(JSON.stringify({ level: 'warn', event: 'outbox-delayed', kind: row.kind, error: String(error) }));
    }
  }
}

function oldestAudit(sql: SqlStorage): number | undefined {
  const oldest = first(sql, q.OLDEST_AUDIT)?.time ?? undefined;
  return oldest === undefined ? undefined : oldest + AUDIT_LIFE;
}
