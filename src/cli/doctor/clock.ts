// The clock of this computer against that of a service.
import type { Vospace } from '../../client/vospace.ts';
import type { Tell } from './finding.ts';

/** Milliseconds by which two clocks may differ before signed URLs and tokens are in danger. */
const [CLOSE, FAR] = [5_000, 60_000];

/** `there`: what the service's clock said between two looks at this computer's; undefined: nothing. Answers whether it said something. */
export async function tellClock(there: number | undefined, begun: number, ended: number, tell: Tell): Promise<boolean> {
  if (there === undefined) return false;
  const difference = there < begun ? there - begun : there > ended ? there - ended : 0;
  const seconds = `${Math.abs(difference / 1000).toFixed(1)} s`;
  const detail =
    Math.abs(difference) < 1000 ? 'as that of the service' : `${seconds} ${difference > 0 ? 'behind' : 'before'} that of the service`;
  const level = Math.abs(difference) < CLOSE ? 'ok' : Math.abs(difference) < FAR ? 'warn' : 'fail';
  const advice = level === 'ok' ? undefined : 'Set the clock of this computer: signed URLs and tokens end too early, or too late.';
  await tell({ check: 'clock', level, detail, advice });
  return true;
}

/** By the header Date, which is of whole seconds, and which not every service sends. */
export async function checkClock(space: Vospace, tell: Tell, signal: AbortSignal): Promise<void> {
  const url = await space.session.endpoints.url('availability', signal);
  const begun = Date.now();
  const { headers } = await space.session.wire.ask({ method: 'GET', url, signal });
  const there = Date.parse(headers.get('Date') ?? '');
  if (!Number.isNaN(there)) await tellClock(there, begun - 1000, Date.now(), tell);
}
