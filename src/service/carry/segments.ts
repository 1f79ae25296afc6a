// Into which segments a Carrier divides what it brings.
import { Fault } from '../../faults.ts';
import { SEGMENT } from '../../model/limits.ts';
import type { PartPlan, StoreLimits } from '../../model/part-plan.ts';

const MIB = 1024 * 1024;

/** Each small enough for one step, as far as the store's number of segments allows. Throws RequestEntityTooLarge. */
export function planSegments(length: number, { maxPut, maxSegments }: StoreLimits): PartPlan {
  const size = Math.min(maxPut, Math.max(SEGMENT, Math.ceil(length / maxSegments / MIB) * MIB));
  const count = Math.max(1, Math.ceil(length / size));
  if (count > maxSegments)
    throw new Fault('RequestEntityTooLarge', `the object store takes at most ${maxSegments} segments of ${maxPut} bytes each`);
  return { size, count };
}
