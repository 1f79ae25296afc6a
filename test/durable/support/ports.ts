// The ports of the Durable Objects under test: a clock that only tests move, and errands that are noted until a test runs them.
import type { Errands } from '../../../src/durable/space/duties.ts';
import type { PipePort } from '../../../src/durable/pipe/port.ts';
import type { JobId } from '../../../src/model/job.ts';
import type { SpaceId } from '../../../src/model/space-id.ts';
import type { StoreContainer } from '../../../src/objects/port.ts';

/** Far ahead of the real time, so that no alarm goes off by itself. It lives in the isolate: an eviction does not turn it back. */
export const testClock = { now: Date.UTC(2100, 0, 1) };

export type Errand =
  | { readonly kind: 'settle'; readonly space: SpaceId; readonly upload: string }
  | { readonly kind: 'sweep'; readonly space: SpaceId; readonly container: StoreContainer; readonly keys: readonly string[] };

/** Given out and not yet run, oldest first. */
export const given: Errand[] = [];
/** Attempts at jobs that were given out and not yet carried, oldest first. */
export const carried: { readonly queue: string; readonly job: JobId; readonly attempt: number }[] = [];
/** Store containers that were dropped. A name in `stuck` cannot be. */
export const dropped: string[] = [];
export const stuck = new Set<string>();

/** Paths of files whose headers were asked for; nobody can be asked while `fails`. */
export const extractions: string[] = [];
export const extractor = { fails: false };

/** What stands between a Space and the others that it calls. */
export const peers: { wire: <Port extends object>(port: Port) => Port } = { wire: (port) => port };

export function errandsOf(space: SpaceId): Omit<Errands, 'deliver'> {
  return {
    settle: (upload) => void given.push({ kind: 'settle', space, upload }),
    sweep: (container, keys) => void given.push({ kind: 'sweep', space, container, keys }),
    extract: async (path) => {
      if (extractor.fails) throw new Error('nobody answers');
      extractions.push(path.join('/'));
    },
    drop: async (container) => {
      if (stuck.has(container.name)) throw new Error('the store container is not empty');
      dropped.push(container.name);
    },
  };
}

/** A pipe that stands for all that Spaces ask, where a test has put one. */
export const asked: { pipe: PipePort | undefined } = { pipe: undefined };

/** Tasks of pipes that were given out and not yet taken, oldest first. */
export const tasks: { readonly pipe: string; readonly id: string; readonly attempt: number }[] = [];

/** Nobody can sign URLs while it fails. */
export const signing = { fails: false };
/** Nodes that pipes have had removed with their chunks. */
export const reclaimed: { readonly pipe: string; readonly path: readonly string[] }[] = [];
