// When the output of stages is complete: all groups that write there have done everything, and what they read is closed.
import { VospaceError } from '../../client/error.ts';
import type { Pipe } from '../../client/pipe.ts';
import { patiently } from './patience.ts';

/** A group whose members write into a pipe. */
export interface Feeder {
  readonly pipe: Pipe;
  readonly group: string;
}

/** Closes it unless somebody may still write into it; whether it is closed. Of several members any may do it, and all may. */
export async function closeWhenDone(output: Pipe, feeders: readonly Feeder[], signal: AbortSignal): Promise<boolean> {
  for (const { pipe, group } of feeders) {
    const isDone = await patiently(() => hasDoneAll(pipe, group, signal), signal);
    if (!isDone) return false;
  }
  await patiently(() => output.close({ signal }), signal);
  return true;
}

/** A pipe or a group that is no more brings nothing more. */
async function hasDoneAll(pipe: Pipe, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { condition, lag, groups = [] } = await pipe.describe({ signal });
    if (condition !== 'closed') return condition === 'destroying' || condition === 'destroyed';
    const group = groups.find((one) => one.group === name);
    return lag?.chunks === 0 && group?.lag.chunks === 0;
  } catch (thrown) {
    if (thrown instanceof VospaceError && ['PipeNotFound', 'PipeDestroyed'].includes(thrown.fault)) return true;
    throw thrown;
  }
}
