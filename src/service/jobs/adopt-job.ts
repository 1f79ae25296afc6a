// The kind of job that adopts a Swift container. What an aborted one has made stays: the next goes over it again.
import type { AdoptRequest } from '../../model/job.ts';
import { stepAdopt, type AdoptCheckpoint } from '../operator/adopt.ts';
import { jobKind } from './kind.ts';

export const adoptJob = jobKind<AdoptRequest, AdoptCheckpoint>({
  step: async ({ services, job, principal, input, checkpoint }) => {
    const stepped = await stepAdopt({ services, principal, request: input, since: job.created }, checkpoint);
    const { nodes, bytes, refused, vanished, removed, notes } = stepped.checkpoint;
    const progress = { nodes, bytes, errors: refused };
    if (!stepped.done) return { kind: 'more', checkpoint: stepped.checkpoint, progress };
    const count = (id: string, value: number) => ({ id, href: `final:${value}` });
    const results = [count('nodecount', nodes), count('bytecount', bytes)];
    if (refused > 0) results.push(count('errorcount', refused));
    if (vanished > 0) results.push(count('vanishedcount', vanished), count('removedcount', removed));
    return { kind: 'done', results, progress, notes };
  },
});
