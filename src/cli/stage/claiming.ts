// Claims chunks for a stage, as many as it has room for, until there is nothing more to do.
import type { Claim } from '../../client/pipe-consumers.ts';
import type { Pipe } from '../../client/pipe.ts';
import { patiently } from './patience.ts';
import type { Stage, Tally } from './stage.ts';

/** Seconds that one request waits for something to claim: where nothing is to be expected, and where something is. */
const LONG = 20;
const SHORT = 2;

type Away = (error: Error) => void;

/** `busy`: what is worked on; `begin` adds to it. `over` aborts when nothing more is to be claimed. */
export async function claimAll(
  { input, group: name, until, lease, parallel, tell }: Stage,
  busy: ReadonlySet<Promise<void>>,
  begin: (claim: Claim) => void,
  over: AbortSignal,
): Promise<Tally['ended']> {
  const group = input.group(name);
  // Said once for as long as it lasts.
  const away = (): Away => {
    let isSaid = false;
    return ({ message }) => {
      if (!isSaid) tell?.({ kind: 'waiting', why: message });
      isSaid = true;
    };
  };
  let timeout = until === 'closed' ? LONG : 0;
  try {
    for (;;) {
      over.throwIfAborted();
      if (busy.size >= parallel) {
        await Promise.race(busy);
        continue;
      }
      const asked = { max: parallel - busy.size, timeout, signal: over, ...(lease !== undefined && { lease }) };
      const { claims, closed } = await patiently(() => group.claimSome(asked), over, away());
      for (const claim of claims) begin(claim);
      if (closed) return 'closed';
      if (claims.length > 0 || until === 'closed') continue;
      if (busy.size > 0) await Promise.race(busy);
      else if (until === 'once' || (await isAtTail(input, name, over, away()))) return 'tail';
      else timeout = SHORT;
    }
  } catch (thrown) {
    if (over.aborted) return 'stopped';
    throw thrown;
  }
}

/** Also what is on its way into the pipe is waited for, and what others work on. */
async function isAtTail(input: Pipe, name: string, over: AbortSignal, away: Away): Promise<boolean> {
  const { lag, reason, groups = [] } = await patiently(() => input.describe({ signal: over }), over, away);
  const group = groups.find((one) => one.group === name);
  return (group === undefined || group.lag.chunks === 0) && (reason !== undefined || lag === undefined || lag.chunks === 0);
}
