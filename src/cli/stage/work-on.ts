// One chunk of a stage: its claim is kept up, the work is done, its outputs are passed on; or the chunk goes back, with the reason.
import { VospaceError } from '../../client/error.ts';
import type { Claim } from '../../client/pipe-consumers.ts';
import { MAX_REASON } from '../../model/pipe-group.ts';
import { deliver } from './deliver.ts';
import { endsStage, growingPause } from './failure.ts';
import { patiently } from './patience.ts';
import type { Scratch } from './scratch.ts';
import type { Stage, StageEvent } from './stage.ts';
import { taskOf } from './task.ts';

/** Milliseconds in which a chunk is given back, or it comes back when its lease ends. */
const PATIENCE = 10_000;

/** Throws what ends the stage, after the chunk was given back. `kill`: the chunk goes back at once. */
export async function workOn(
  stage: Stage,
  claim: Claim,
  scratch: Scratch,
  kill: AbortSignal,
  tell: (event: StageEvent) => void,
): Promise<void> {
  const { input, group, to, work } = stage;
  const { chunk } = claim;
  const { seq, name, deliveries } = chunk;
  const began = performance.now();
  const over = new AbortController();
  const signal = AbortSignal.any([claim.signal, kill]);
  const keeping = input.group(group).keep([claim], over.signal, stage.lease);
  let directory: string | undefined;
  try {
    if (chunk.status === 'dead') {
      await patiently(() => claim.ack(), signal);
      tell({ kind: 'hole', seq, name, reason: chunk.reason ?? '' });
      return;
    }
    tell({ kind: 'begun', seq, name, deliveries });
    directory = scratch.make(String(seq));
    const made = await work(taskOf(input, group, chunk, directory, signal));
    signal.throwIfAborted();
    const bytes = to ? await deliver(to, made, claim, { pipe: input.id, group }, signal) : 0;
    if (!to) await patiently(() => claim.ack(), signal);
    const seconds = Math.round(performance.now() - began) / 1000;
    tell({ kind: 'done', seq, name, outputs: made.map((one) => one.name), bytes, seconds });
  } catch (thrown) {
    try {
      await giveUp(thrown);
    } catch (later) {
      // What was to be said of the failure may come too late, or may not be said any more.
      if (!isLost(later) && !kill.aborted) throw later;
      await giveUp(later);
    }
  } finally {
    over.abort();
    await keeping;
    if (directory !== undefined) scratch.remove(directory);
  }

  function isLost(thrown: unknown): boolean {
    return claim.signal.aborted || (thrown instanceof VospaceError && thrown.fault === 'Fenced');
  }

  async function giveUp(thrown: unknown): Promise<void> {
    if (isLost(thrown)) return tell({ kind: 'lost', seq, name });
    if (kill.aborted) {
      await back({ reason: 'its stage was ended', counted: false });
      return tell({ kind: 'returned', seq, name });
    }
    const reason = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, MAX_REASON);
    if (endsStage(thrown)) {
      await back({ reason, counted: false });
      throw thrown;
    }
    const again = (stage.pause ?? growingPause)(deliveries);
    const isLast = await isDead(again, reason);
    tell({ kind: 'failed', seq, name, reason, ...(!isLast && { again }) });
  }

  /** Gives it back; whether that was the last time. */
  async function isDead(again: number, reason: string): Promise<boolean> {
    const { maxDeliveries } = await patiently(() => input.group(group).describe({ signal }), signal);
    await patiently(() => claim.nack(again, { reason }), signal);
    return maxDeliveries > 0 && deliveries >= maxDeliveries;
  }

  async function back(why: { readonly reason: string; readonly counted: false }): Promise<void> {
    // Where that is not heard either, its lease ends.
    await patiently(() => claim.nack(0, why), AbortSignal.timeout(PATIENCE)).catch(() => undefined);
  }
}
