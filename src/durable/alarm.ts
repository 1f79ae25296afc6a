// The one alarm of a Durable Object: always armed for the earliest deadline among its rows, and for nothing when nothing is owed.

/** One kind of obligation. `work` claims what is due and dispatches it; it never waits for bytes. */
export interface Duty {
  readonly name: string;
  /** The earliest deadline of this kind, epoch milliseconds; undefined when nothing is owed. */
  readonly next: () => number | undefined;
  readonly work: (now: number) => void | Promise<void>;
}

/** Re-arms the alarm if an earlier deadline has appeared. Call it in the constructor and after every write that adds an obligation. */
export async function arm(storage: DurableObjectStorage, duties: readonly Duty[], now: number): Promise<void> {
  const due = earliest(duties);
  const armed = await storage.getAlarm();
  if (due === undefined) {
    if (armed !== null) await storage.deleteAlarm();
    return;
  }
  const at = Math.max(now + 1, due);
  // An armed time in the past means that the runtime gave up after its retries: it must be set again.
  if (armed === null || armed <= now || at < armed) await storage.setAlarm(at);
}

/** The alarm handler's body. One duty's failure neither stops the others nor uses up the runtime's retries: its rows stay due. */
export async function run(storage: DurableObjectStorage, duties: readonly Duty[], clock: () => number): Promise<void> {
  const failed: string[] = [];
  try {
    for (const duty of duties) {
      try {
        const next = duty.next();
        if (next === undefined || next > clock()) continue;
        await duty.work(clock());
      } catch (error) {
        failed.push(duty.name);
        console.error(JSON.stringify({ level: 'error', event: 'duty-failed', duty: duty.name, error: String(error) }));
      }
    }
  } finally {
    // A duty that failed is retried after a pause, so that a lasting fault cannot make the alarm spin.
    const due = failed.length > 0 ? clock() + 5000 : earliest(duties);
    if (due === undefined) await storage.deleteAlarm();
    else await storage.setAlarm(Math.max(clock() + 1, due));
  }
}

function earliest(duties: readonly Duty[]): number | undefined {
  const dues = duties.map((duty) => duty.next()).filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}
