// Why work on a chunk has not led to anything, and whose fault that is.
import { VospaceError, type ClientFault } from '../../client/error.ts';
import { RUNTIME } from '../../client/runtime.ts';

/** The work itself failed: the chunk is tried again, and dead in the end. `message` is what the list of dead chunks says. */
export class WorkFailure extends Error {
  override readonly name = 'WorkFailure';
}

/** Refusals that would be the same for every other chunk: the stage ends. */
const OF_THE_STAGE: readonly ClientFault[] = [
  'NotAuthenticated',
  'PermissionDenied',
  'AuthRequired',
  'PipeNotFound',
  'PipeDestroyed',
  'PipeClosed',
  'GroupNotFound',
  'ContainerNotFound',
  'QuotaExceeded',
];

/** Whether the stage cannot go on with any chunk. What is no refusal of a service and no failure of the work is a mistake, and ends it, too. */
export function endsStage(thrown: unknown): boolean {
  if (thrown instanceof WorkFailure) return false;
  if (thrown instanceof VospaceError) return OF_THE_STAGE.includes(thrown.fault);
  return true;
}

/** Doubles from 1 to 300 s, less up to a quarter, so that what failed together does not come back together. */
export function growingPause(deliveries: number): number {
  return Math.ceil(Math.min(300, 2 ** (deliveries - 1)) * (1 - RUNTIME.random() / 4));
}
