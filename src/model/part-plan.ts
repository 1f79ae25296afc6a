// Into which equal parts an upload is divided.
import { Fault } from '../faults.ts';
import { FEW_PARTS, GOOD_PARTS, MIN_PART, SMALL_PART } from './limits.ts';

export interface PartPlan {
  /** Bytes of every part but the last, which has the rest. */
  readonly size: number;
  readonly count: number;
}

export interface StoreLimits {
  /** Largest object that one PUT can make, in bytes. */
  readonly maxPut: number;
  /** Most segments of one object. */
  readonly maxSegments: number;
  /** Parts are no larger where so many segments do; absent: as they come. */
  readonly goodPart?: number;
}

const MIB = 1024 * 1024;

/** Parts of at most 64 MiB, or about a hundred, or as few as the store's largest part allows. Throws RequestEntityTooLarge for what no number of parts can hold. */
export function planParts(length: number, { maxPut, maxSegments, goodPart = maxPut }: StoreLimits): PartPlan {
  const whole = (bytes: number): number => Math.ceil(bytes / MIB) * MIB;
  const good = Math.min(goodPart, Math.max(MIN_PART, Math.min(SMALL_PART, whole(length / FEW_PARTS)), whole(length / GOOD_PARTS)));
  const size = Math.min(maxPut, Math.max(good, whole(length / maxSegments)));
  const count = Math.max(1, Math.ceil(length / size));
  if (count > maxSegments)
    throw new Fault('RequestEntityTooLarge', `the object store takes at most ${maxSegments} parts of ${maxPut} bytes each`);
  return { size, count };
}

/** Bytes of part `number`, counted from 1. */
export function partSize(length: number, { size, count }: PartPlan, number: number): number {
  return number < count ? size : length - size * (count - 1);
}
