// How long an attempt at a row of work may give no sign of life before it is taken for lost.
import { LEASE } from '../../job-queue/work.ts';

/** The row that stands for all chunks that are placed in this service. */
export const PLACE = 'place';
/** What the names of rows begin with that take entries from another pipe; the rest is its id. */
export const FOLLOW = 'follow:';

/** Milliseconds: their steps take a moment, and may be taken twice, so that whoever was killed in one holds up little. */
const SHORT = 10_000;

/** The usual time where a short lease was not enough once. */
export function leaseOf(job: string, failures = 0): number {
  return failures === 0 && (job === PLACE || job.startsWith(FOLLOW)) ? SHORT : LEASE;
}
