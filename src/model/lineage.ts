// Where a chunk comes from: the pipes that it has passed before this one, so that none brings it twice, and none goes round for ever.
import { MAX_HOPS } from './limits.ts';
import type { ChunkName, ChunkNotice, PipeId } from './pipe.ts';

/** One hop: the chunk as it was in that pipe. */
export interface Hop {
  readonly pipe: PipeId;
  readonly seq: number;
  readonly name: ChunkName;
  /** Of the bytes as they were there. */
  readonly md5?: string;
}

/** The first first; never empty. */
export type Lineage = readonly Hop[];

/** Of a chunk that goes on from this pipe. The oldest hops of a very long way are forgotten but for the first. */
export function passOn(
  pipe: PipeId,
  { seq, name, md5, lineage = [] }: Pick<ChunkNotice, 'seq' | 'name' | 'md5'> & { readonly lineage?: Lineage | undefined },
): Lineage {
  const hops = [...lineage, { pipe, seq, name, ...(md5 !== undefined && { md5 }) }];
  return hops.length > MAX_HOPS + 1 ? [...hops.slice(0, 1), ...hops.slice(-MAX_HOPS)] : hops;
}

/** Why a chunk does not go on into this pipe; undefined: it does. */
export function whyCycle(lineage: Lineage, into: PipeId): string | undefined {
  if (lineage.some(({ pipe }) => pipe === into)) return 'it has been here before: the pipes go round';
  return lineage.length > MAX_HOPS ? `it has passed ${MAX_HOPS} pipes` : undefined;
}

/** Whether both began as the same chunk of the same pipe. */
export function haveOneOrigin(one: Lineage | undefined, other: Lineage | undefined): boolean {
  const [a, b] = [one?.[0], other?.[0]];
  return a !== undefined && b !== undefined && a.pipe === b.pipe && a.seq === b.seq;
}
