// The loop inside a Carrier: begin, take a step, report, and again, with signs of life, until another must have its turn.
import { asFault, type FaultName } from '../../faults.ts';

/** Milliseconds between two signs of life: several within the lease. */
const BEAT = 8000;
/** One Carrier goes on so long; then another has its turn, because a Worker does not live for ever. */
const TURN = 60_000;
const STEPS = 500;
/** Milliseconds that another service may ask for: no pause is longer. */
const LONGEST_PAUSE = 300_000;

/** One attempt at a row of work, as the Durable Object that has given it out offers it. */
export interface Attempt<Assigned, Report> {
  /** What there is to do; undefined when the attempt has been overtaken. */
  readonly begin: () => Promise<Assigned | undefined>;
  /** Bounded, and safe to repeat. */
  readonly step: (assigned: Assigned, signal: AbortSignal) => Promise<Report>;
  /** What a step that has thrown comes to. */
  readonly failed: (assigned: Assigned, error: unknown) => Report;
  /** False: stop. */
  readonly report: (report: Report) => Promise<boolean>;
  /** A sign of life in the middle of a step. False: stop. */
  readonly renew: () => Promise<boolean>;
  /** Lets the work wait for its turn again. */
  readonly yield: () => Promise<void>;
}

/** Ends when the work has ended, waits, or has had its turn. Never throws for what a step did. */
export async function runSteps<Assigned, Report>(clock: () => number, attempt: Attempt<Assigned, Report>): Promise<void> {
  const until = clock() + TURN;
  for (let steps = 0; steps < STEPS; steps++) {
    const assigned = await attempt.begin();
    if (assigned === undefined) return;
    const taken = await takeStep(attempt, assigned);
    if (!taken || !(await attempt.report(taken.report))) return;
    if (clock() > until) break;
    // On one machine the runtime looks at its sockets, and at the time, only when nobody has anything to do.
    await scheduler.wait(0);
  }
  await attempt.yield();
}

/** Undefined: the attempt has been overtaken, and what the step came to counts for nothing. */
async function takeStep<Assigned, Report>(
  { step, failed, renew }: Attempt<Assigned, Report>,
  assigned: Assigned,
): Promise<{ readonly report: Report } | undefined> {
  const stop = new AbortController();
  const beat = setInterval(() => {
    void renew()
      .then((goesOn) => !goesOn && stop.abort())
      .catch(() => undefined);
  }, BEAT);
  try {
    return { report: await step(assigned, stop.signal) };
  } catch (error) {
    return stop.signal.aborted ? undefined : { report: failed(assigned, error) };
  } finally {
    clearInterval(beat);
  }
}

export interface Failure {
  readonly fault: FaultName;
  readonly detail: string;
  /** True: the same step may work later, after `retryAfter` milliseconds where that is known. */
  readonly transient: boolean;
  readonly retryAfter?: number;
}

/** Refusals stay; what the store, the network or a full service did may pass. */
export function failureOf(error: unknown): Failure {
  const fault = asFault(error);
  if (!fault) return { fault: 'InternalFault', detail: 'the service failed; its log says why', transient: true };
  const seconds = Number(fault.headers['Retry-After'] ?? '');
  return {
    fault: fault.fault,
    detail: fault.detail,
    transient: fault.fault === 'ServiceBusy' || fault.fault === 'TooManyRequests' || fault.fault === 'InternalFault',
    ...(seconds > 0 && { retryAfter: Math.min(seconds * 1000, LONGEST_PAUSE) }),
  };
}
