// Runs a stage: claims as many chunks as it may work on, until there is nothing more to do or somebody ends it.
import type { Claim } from '../../client/pipe-consumers.ts';
import { claimAll } from './claiming.ts';
import { closeWhenDone } from './closing.ts';
import { Counter } from './counter.ts';
import { Scratch } from './scratch.ts';
import type { Stage, StageEvent, Tally } from './stage.ts';
import { workOn } from './work-on.ts';

/** Seconds that work under way has at the end, where nothing else is said. */
export const GRACE = 10;

/**
 * Throws what keeps the stage from going on with any chunk, after it has given back what it had. A chunk whose work fails does not end it. At a
 * kill every chunk is as it was, or done: its lease ends, and another member takes it.
 */
export async function runStage(stage: Stage): Promise<Tally> {
  const { input, to, signal, grace = GRACE, closes, stood } = stage;
  const { acked = 0, dead = 0, lag } = stood ?? {};
  const scratch = Scratch.open(stage.scratch);
  const tally = new Counter();
  const tell = (event: StageEvent): void => {
    tally.count(event);
    stage.tell?.(event);
  };
  /** Nothing more is claimed; work under way is ended. */
  const [stop, kill] = [new AbortController(), new AbortController()];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (claim: Claim): void => {
    const work = workOn(stage, claim, scratch, kill.signal, tell)
      .catch((thrown: unknown) => {
        failures.push(thrown);
        stop.abort(thrown);
        kill.abort(thrown);
      })
      .finally(() => running.delete(work));
    running.add(work);
  };
  const hurry = (): void => void setTimeout(() => kill.abort(signal.reason), running.size > 0 ? grace * 1000 : 0).unref();
  const stopped = (): void => {
    stop.abort(signal.reason);
    hurry();
  };
  if (signal.aborted) stopped();
  else signal.addEventListener('abort', stopped, { once: true });
  if (stood) tell({ kind: 'group', group: stage.group, acked, todo: lag?.chunks ?? 0, dead });
  try {
    const ended = await claimAll({ ...stage, tell }, running, begin, stop.signal);
    await Promise.all(running);
    if (failures.length > 0) throw failures[0];
    if (ended === 'closed' && closes && to) {
      const feeders = [...(await closes()), { pipe: input, group: stage.group }];
      if (await closeWhenDone(to.pipe, feeders, signal)) tell({ kind: 'closed' });
    }
    return { ...tally.sums, ended };
  } catch (thrown) {
    kill.abort(thrown);
    await Promise.all(running);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stopped);
    scratch.close();
  }
}
