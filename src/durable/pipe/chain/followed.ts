// The side of a pipe that is followed: who follows it, and is still to be told what has come out. What is untold is a row with a deadline.
import type { ChunkNotice, PipeId } from '../../../model/pipe.ts';
import { asFault, Fault } from '../../../faults.ts';
import type { Duty } from '../../alarm.ts';
import { all, first, run } from '../../sql.ts';
import type { LogPart, UpstreamNews } from './port.ts';
import * as c from './queries.ts';
import type { Core } from '../core.ts';
import { pauseAfter } from '../outbox.ts';
import type { PipePort } from '../port.ts';

/** Pipes that are told at a time. */
const AT_ONCE = 20;

/** To be called inside a transaction. */
export function addFollower(core: Core, pipe: PipeId): void {
  run(core.sql, c.ADD_FOLLOWER, pipe, core.clock());
}

/** To be called inside a transaction. */
export function followerHas(core: Core, pipe: PipeId, pos: number): void {
  run(core.sql, c.SET_TAKEN, pos, pipe);
}

/** Up to which pos all that follow have taken the entries; undefined: nobody follows. */
export function takenByAll(core: Core): number | undefined {
  return first(core.sql, c.LEAST_TAKEN)?.taken ?? undefined;
}

/** Something has come out, or nothing will: to be called inside the transaction. */
export function oweFollowers(core: Core): void {
  run(core.sql, c.OWE_FOLLOWERS, core.clock());
}

/** The pipe is gone: those that follow it take what they have not taken yet, from its tombstone. To be called inside a transaction. */
export function tellLast(core: Core): void {
  run(core.sql, c.TELL_ALL, core.clock());
}

export function logAfter(core: Core, pos: number, max: number): LogPart {
  const row = core.find();
  if (!row) throw new Fault('PipeNotFound', 'there is no such pipe');
  const from = Math.max(pos, row.trimmed);
  const entries = all(core.sql, c.LOG_AFTER, from, max);
  return { notices: entries.map(({ body }) => JSON.parse(body) as ChunkNotice), to: entries.at(-1)?.pos ?? from, lost: from - pos };
}

function newsOf(core: Core): UpstreamNews | undefined {
  const row = core.find();
  if (!row) return undefined;
  const { id, destination } = core.definition();
  const isGone = row.life === 'destroying' || row.life === 'destroyed';
  const isEnded = row.closed !== null && row.waiting + row.hidden === 0;
  return { pipe: id, destination: destination.uri, pos: row.pos, ...(isEnded ? { end: 'closed' } : isGone && { end: 'gone' }) };
}

/** `write`: one transaction. */
export function followersDuty(core: Core, peer: (id: PipeId) => PipePort, write: (change: () => void) => void): Duty {
  return {
    name: 'followers',
    next: () => first(core.sql, c.NEXT_FOLLOWER)?.due ?? undefined,
    work: async (now) => {
      const due = all(core.sql, c.DUE_FOLLOWERS, now, AT_ONCE);
      // Should the answer be lost, it is due again.
      write(() => {
        for (const { pipe, attempts } of due) run(core.sql, c.DEFER_FOLLOWER, now + pauseAfter(attempts, core.random), pipe);
      });
      await Promise.all(due.map(({ pipe }) => tell(core, peer(pipe as PipeId), pipe, write)));
    },
  };
}

async function tell(core: Core, follower: PipePort, pipe: string, write: (change: () => void) => void): Promise<void> {
  const news = newsOf(core);
  if (!news) return;
  try {
    const follows = await follower.upstreamHas(news);
    write(() => {
      const since = newsOf(core);
      const isCurrent = since?.pos === news.pos && since.end === news.end;
      if (follows) run(core.sql, c.TOLD_FOLLOWER, news.pos, isCurrent ? null : core.clock(), pipe);
      else run(core.sql, c.DROP_FOLLOWER, pipe);
    });
  } catch (error) {
    const fault = asFault(error)?.fault;
    if (fault === 'PipeNotFound') write(() => void run(core.sql, c.DROP_FOLLOWER, pipe));
    else console.error(JSON.stringify({ level: 'warn', event: 'follower-not-told', pipe, error: String(error) }));
  }
}
