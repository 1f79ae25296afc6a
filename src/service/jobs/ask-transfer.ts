// The kind of job that only negotiates: pushToVoSpace and pullFromVoSpace. The client then moves the bytes.
import type { JobResult } from '../../model/job.ts';
import type { AwaitedUpload } from '../../durable/job-queue/port.ts';
import type { Transfer } from '../../model/transfer.ts';
import { negotiate, type Negotiation } from '../transfers.ts';
import { topOf } from './endpoints.ts';
import { jobKind } from './kind.ts';
import { followPush } from './follow.ts';

export interface AskTransfer extends Omit<Negotiation, 'principal' | 'job'> {
  readonly transfer: Transfer;
}

export const askTransfer = jobKind<AskTransfer, AwaitedUpload>({
  step: async ({ services, job, principal, input }) => {
    const { transfer, ...negotiation } = input;
    const { details, awaits, node } = await negotiate(services, transfer, { ...negotiation, principal, job: job.id });
    const results = negotiated(transfer, node);
    // The service does not see when a client has read from the store: a pull is complete when its URL is given.
    if (!awaits) return { kind: 'done', details, results };
    const follows = followPush(services.config.authority, transfer, node, principal);
    return { kind: 'awaiting', awaits, details, results, ...(follows && { follows }) };
  },

  // Aborted while it was negotiating: the upload bears the job's own id, so it is found without having been reported. Aborted while it
  // awaited the upload, by its execution duration: that is the checkpoint.
  undo: async ({ services, job, input, checkpoint }) => {
    const name = checkpoint ? undefined : topOf(input.transfer);
    const space = checkpoint?.space ?? (name === undefined ? undefined : await services.spaces.mount(name));
    const upload = checkpoint?.upload ?? job.id;
    if (space) await services.spaces.space(space).fail(upload, { result: 'TransferFailed', detail: 'the job was aborted' });
  },
});

/** The results of a transfer whose endpoints are known. */
export function negotiated(transfer: Transfer, node: string): readonly JobResult[] {
  // "this URI SHALL be specified as a result … with the id of target" where the service chose the name (section 6.4.1.2).
  const target = transfer.targets.length > 1 || node === transfer.targets[0] ? [] : [{ id: 'target', href: node }];
  return [{ id: 'transferDetails', href: 'results/transferDetails' }, { id: 'dataNode', href: node }, ...target];
}
