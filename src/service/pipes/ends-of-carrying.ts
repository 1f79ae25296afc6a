// What a carried chunk comes to when something is in the way, there or here: to be tried again, dead, or a matter of rights.
import type { ClientFault } from '../../client/error.ts';
import type { Delivery, TaskReport } from '../../durable/pipe/work/port.ts';
import { asFault, type FaultName } from '../../faults.ts';
import type { Trouble } from '../carry/trouble.ts';
import { failureOf } from '../jobs/run-steps.ts';

/** What may pass at another service, though the same request would be refused at once. */
const PASSING_THERE: readonly (ClientFault | undefined)[] = [
  'NodeBusy',
  'NodeLocked',
  'Conflict',
  'DuplicateNode',
  'InternalFault',
  'Corrupted',
  'BadAnswer',
];
/** The same here: room is made, and locks are taken off. */
const PASSING_HERE: readonly FaultName[] = ['NodeBusy', 'NodeLocked', 'QuotaExceeded', 'Conflict', 'PreconditionFailed', 'TransferFailed'];
const RIGHTS: readonly FaultName[] = ['PermissionDenied', 'NotAuthenticated', 'AuthRequired'];
const DETAIL = 500;

export function dead(seq: number, fault: FaultName, detail: string): TaskReport {
  return delivered({ kind: 'dead', seq, fault, detail: detail.slice(0, DETAIL) });
}

export function delivered(delivery: Delivery): TaskReport {
  return { kind: 'delivered', deliveries: [delivery] };
}

/** The name is taken at the destination. */
export function taken(seq: number, uri: string): TaskReport {
  return dead(seq, 'DuplicateNode', `NameConflict ${uri} has other bytes`);
}

/** `checkpoint`: what the next attempt begins with, if not the last one's. */
export function afterTrouble(seq: number, trouble: Trouble, checkpoint?: unknown): TaskReport {
  const detail = (trouble.answer ?? trouble.message).slice(0, DETAIL);
  if (trouble.mismatch) return dead(seq, 'ChunkMismatch', detail);
  if (trouble.isRefusal) return { kind: 'authRequired', detail };
  // An answer of the other service, or none.
  const fault = trouble.status === undefined && trouble.answer === undefined ? 'TransferFailed' : 'VOSpaceFault';
  if (trouble.lasting && !PASSING_THERE.includes(trouble.fault)) return dead(seq, fault, detail);
  const { retryAfter } = trouble;
  return {
    kind: 'failed',
    fault,
    detail,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(checkpoint !== undefined && { checkpoint }),
  };
}

/** A refusal of this service itself. Undefined for what is no refusal. */
export function afterRefusal(seq: number, error: unknown, checkpoint?: unknown): TaskReport | undefined {
  const fault = asFault(error);
  if (!fault) return undefined;
  if (RIGHTS.includes(fault.fault)) return { kind: 'authRequired', detail: fault.detail };
  const { transient, ...failure } = failureOf(fault);
  if (!transient && !PASSING_HERE.includes(fault.fault)) return dead(seq, fault.fault, fault.detail);
  return { kind: 'failed', ...failure, ...(checkpoint !== undefined && { checkpoint }) };
}
