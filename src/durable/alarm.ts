// The one alarm of a Durable Object: always armed for the earliest deadline among its rows, and for nothing when nothing is owed.

/** One kind of obligation. `work` claims what is due and dispatches it; it never waits for bytes. */
export interface Duty {
  readonly name: string;
  /** The earliest deadline of this kind, epoch milliseconds; undefined when nothing is owed. */
  readonly next: () => number | undefined;
  readonly work: (now: number) => void | Promise<void>;
}

/** After a duty has failed, milliseconds: so that a lasting fault cannot make the alarm spin. */
const PAUSE = 5000;

export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #duties: readonly Duty[];
  readonly #clock: () => number;
  readonly #earliest: () => number | undefined;
  /** What it is set to; null: not at all. */
  #armed: number | null = null;

  /** `due`: the earliest deadline of all duties, where that can be had for less than asking each. */
  constructor(storage: DurableObjectStorage, duties: readonly Duty[], clock: () => number, due = () => earliest(duties)) {
    this.#storage = storage;
    this.#duties = duties;
    this.#clock = clock;
    this.#earliest = due;
  }

  /** To be awaited before the first call of the object: the alarm may have been lost. */
  async start(): Promise<void> {
    this.#armed = await this.#storage.getAlarm();
    this.arm();
  }

  /** To be called after every write that may leave something to do, in the same turn: both are durable then, or neither. */
  arm(): void {
    const now = this.#clock();
    const due = this.#earliest();
    // An armed time in the past means that the runtime gave up after its retries: it must be set again.
    const isSet = due === undefined ? this.#armed === null : this.#armed !== null && this.#armed > now && this.#armed <= due;
    if (!isSet) void this.#set(due === undefined ? null : Math.max(now + 1, due));
  }

  /** The same after a write that leaves nothing to do but at this time, epoch milliseconds, or later. */
  armBy(due: number): void {
    const isSet = this.#armed !== null && this.#armed > this.#clock() && this.#armed <= due;
    if (!isSet) this.arm();
  }

  /** The alarm handler's body. One duty's failure neither stops the others nor uses up the runtime's retries: its rows stay due. */
  async ring(): Promise<void> {
    const failed: string[] = [];
    try {
      for (const duty of this.#duties) {
        try {
          const next = duty.next();
          if (next === undefined || next > this.#clock()) continue;
          await duty.work(this.#clock());
        } catch (error) {
          failed.push(duty.name);
          console.error(JSON.stringify({ level: 'error', event: 'duty-failed', duty: duty.name, error: String(error) }));
        }
      }
    } finally {
      const due = failed.length > 0 ? this.#clock() + PAUSE : earliest(this.#duties);
      await this.#set(due === undefined ? null : Math.max(this.#clock() + 1, due));
    }
  }

  #set(at: number | null): Promise<void> {
    this.#armed = at;
    return at === null ? this.#storage.deleteAlarm() : this.#storage.setAlarm(at);
  }
}

function earliest(duties: readonly Duty[]): number | undefined {
  const dues = duties.map((duty) => duty.next()).filter((due) => due !== undefined);
  return dues.length === 0 ? undefined : Math.min(...dues);
}
