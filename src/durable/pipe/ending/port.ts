// The messages about a pipe's beginning and end that its object takes.
import type { PipeDefinition } from '../../../model/pipe.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { Principal } from '../../../model/principal.ts';

/** Bytes are held for the pipe under this name. */
export interface HeldThere {
  readonly space: SpaceId;
  readonly holder: string;
}

export interface Destroying {
  /** Also while chunks are on their way, or groups have not acknowledged what they have got. */
  readonly force: boolean;
  /** What it has delivered goes with a destination that was made for it. */
  readonly purge: boolean;
}

export interface PipeEndingPort {
  /**
   * From here on there is no such pipe: calls get PipeNotFound, whoever waits is told, and attempts are fenced off. Throws PipeNotDrained while chunks
   * are on their way or some group has not settled them, unless `force`. Answers what it was. Should the caller not say `cleared` soon, the pipe's alarm has it done.
   */
  destroy(principal: Principal, how: Destroying): Promise<PipeDefinition>;
  /** The same for a creation that is given up; undefined: the pipe is open, or gone already. */
  abandon(reason: string): Promise<PipeDefinition | undefined>;
  /** Containers and lists have forgotten the pipe. What it holds is let go by its alarm. */
  cleared(): Promise<void>;
}
