// The messages about a pipe's beginning and end that its object takes.
import type { PipeDefinition } from '../../model/pipe.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Principal } from '../../model/principal.ts';
import type { SealedCredential } from './port.ts';

/** A pipe that is not there any more, as whoever clears it away needs it. */
export interface Ended {
  readonly definition: PipeDefinition;
  readonly credentials: readonly SealedCredential[];
  /** The pipe has made the container in the other VOSpace. */
  readonly madeFar: boolean;
}

/** Bytes are held for the pipe under this name. */
export interface HeldThere {
  readonly space: SpaceId;
  readonly holder: string;
}

export interface PipeEndingPort {
  /** The pipe has made the container in the other VOSpace. */
  madeFar(): Promise<void>;
  /**
   * From here on there is no such pipe: calls get PipeNotFound, whoever waits is told, and attempts are fenced off. Throws PipeNotDrained while chunks
   * are on their way, unless `force`. Should the caller not say `cleared` soon, the pipe's alarm has it done.
   */
  destroy(principal: Principal, force: boolean): Promise<Ended>;
  /** The same for a creation that is given up; undefined: the pipe is open, or gone already. */
  abandon(reason: string): Promise<Ended | undefined>;
  /** Containers and lists have forgotten the pipe. What it holds is let go by its alarm. */
  cleared(): Promise<void>;
}
