// Random operations on a real pipe and on its reference, and the comparison of both after each of them.
import { expect } from 'vitest';
import type { WorkRow } from '../../../src/durable/job-queue/queries.ts';
import type { Appended } from '../../../src/durable/pipe/port.ts';
import type { Delivery, PipeTask, TaskReport } from '../../../src/durable/pipe/work/port.ts';
import { asFault } from '../../../src/faults.ts';
import { formatState } from '../../../src/model/pipe-state.ts';
import type { ChunkNotice, PipeId } from '../../../src/model/pipe.ts';
import type { Random } from '../../support/random.ts';
import { digest, parsePage, reading, type Attempt, type SeenPage, type TestPipe } from './pipe.ts';
import { ReferencePipe, type Expected } from './pipe-reference.ts';
import { RandomRequests } from './pipe-requests.ts';
import { testClock } from './ports.ts';
import { ADMIN, DAY, HOUR, MINUTE, OWNER, READER, refused, STRANGER } from './space.ts';

type Travel = Extract<PipeTask, { readonly kind: 'place' | 'carry' | 'clear' }>;

/** An attempt that a Carrier has in its hands: `over` when it must not be heard any more. */
interface Held extends Attempt {
  over: boolean;
  task?: Travel | undefined;
}

interface Reader {
  state: string | undefined;
  readonly seen: ChunkNotice[];
}

const INTERRUPTED = { fault: 'InternalFault', detail: 'the service was interrupted in the same step too often' } as const;
const JUMPS = [1, 700, 5000, 31_000, 31_000, 2 * MINUTE, 10 * MINUTE, HOUR, -900, -20_000];

export class PipeDriver {
  readonly reference: ReferencePipe;
  operations = 0;
  readonly kinds = new Map<string, number>();
  readonly #held: Held[] = [];
  readonly #readers: readonly Reader[];
  readonly #checkpoints = new Map<string, unknown>();
  readonly #requests: RandomRequests;
  #work: readonly WorkRow[] = [];
  #jumped = 0;
  /** The latest time of the clock: alarms are still set for it when it is turned back. */
  #latest = testClock.now;

  constructor(
    readonly pipe: TestPipe,
    readonly random: Random,
  ) {
    this.reference = new ReferencePipe(pipe.definition, () => testClock.now);
    this.#requests = new RandomRequests(this.reference, random);
    this.#readers = Array.from({ length: random.between(1, 6) }, () => ({ state: undefined, seen: [] }));
  }

  async step(): Promise<void> {
    const kind = this.random.weighted({
      write: 24,
      burst: 5,
      carry: 34,
      read: 10,
      follow: 14,
      mend: 4,
      evict: 2,
      alarm: 5,
      jump: 5,
      cut: 1,
    });
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.operations++;
    if (kind === 'write') await this.#write();
    else if (kind === 'burst') await this.#burst(false);
    else if (kind === 'cut') await this.#burst(true);
    else if (kind === 'carry') await this.#carry();
    else if (kind === 'mend') await this.#mend();
    else if (kind === 'read') await this.#read();
    else if (kind === 'follow') await this.#follow(this.random.pick(this.#readers));
    else if (kind === 'evict') await this.pipe.evict();
    else if (kind === 'alarm') await this.pipe.ring();
    else this.#jump();
    if ((kind !== 'read' && kind !== 'follow') || this.random.chance(0.2)) await this.check();
  }

  async #write(): Promise<void> {
    const append = this.#requests.append();
    expect(await outcome(this.pipe.port.append(append))).toEqual(this.reference.append(append));
  }

  /** Several writers and readers in the same moment; `cut`: the object is evicted meanwhile, and who got no answer asks again. */
  async #burst(cut: boolean): Promise<void> {
    // Attempts that are noticed as lost between two of the calls would make room for the second.
    if (this.#work.some(({ state, due }) => isCarried(state) && (due ?? Infinity) <= testClock.now)) {
      await this.pipe.ring();
      await this.check();
    }
    const appends = Array.from({ length: this.random.between(2, 4) }, () => this.#requests.append());
    this.operations += appends.length - 1;
    const answers = appends.map((append) => outcome(this.pipe.port.append(append)));
    const from = this.random.between(this.reference.trimmed, this.reference.log.length);
    const page = this.pipe.port.read(reading(this.#state(from))).catch(() => undefined);
    if (cut) await this.pipe.evict();
    const settled = await Promise.all(answers);
    const unanswered = appends.filter((_, i) => settled[i] === undefined);
    for (const [i, append] of appends.entries()) if (settled[i] !== undefined) expect(settled[i]).toEqual(this.reference.append(append));
    if (unanswered.length > 0) {
      const { counts } = await this.pipe.port.describe(OWNER);
      if (counts.written > this.reference.chunks.length) for (const append of unanswered) this.reference.append(append);
      for (const append of unanswered) expect(await outcome(this.pipe.port.append(append))).toEqual(this.reference.append(append));
    }
    await this.check();
    const seen = await page;
    if (seen) expect(parsePage(seen).chunks).toEqual(this.reference.log.slice(from, from + seen.chunks));
    else expect(cut).toBe(true);
  }

  async #read(): Promise<void> {
    const { log } = this.reference;
    if (this.random.chance(0.1)) {
      const beyond = this.random.pick([this.#state(log.length + 1), formatState('another-pipe' as PipeId, 0), 'x', `${this.#state(0)}0`]);
      expect(await refused(this.pipe.read(beyond))).toBe('InvalidState');
      expect(await refused(this.pipe.read(undefined, { principal: STRANGER }))).toBe('PermissionDenied');
      return;
    }
    const from = this.random.below(log.length + 1);
    const { trimmed } = this.reference;
    if (from < trimmed) expect(await refused(this.pipe.read(this.#state(from)))).toBe('StateTrimmed');
    const old = Math.max(from, trimmed);
    const [state, pos] = this.random.pick([[this.#state(old), old] as const, ['-1', trimmed] as const, ['now', log.length] as const]);
    await this.#page(state, pos, this.random.chance(0.2));
  }

  /** A reader goes on from where it was. */
  async #follow(reader: Reader): Promise<void> {
    const { trimmed, log } = this.reference;
    if (reader.seen.length < trimmed) {
      // Who has fallen behind is told so, and goes on with what there is.
      if (reader.state !== undefined) expect(await refused(this.pipe.read(reader.state))).toBe('StateTrimmed');
      reader.seen.push(...log.slice(reader.seen.length, trimmed));
      reader.state = this.#state(trimmed);
    }
    const page = await this.#page(reader.state, reader.seen.length, false);
    expect(page.state >= (reader.state ?? '')).toBe(true);
    reader.seen.push(...page.chunks);
    reader.state = page.state;
  }

  async #page(state: string | undefined, pos: number, urls: boolean): Promise<SeenPage> {
    const max = this.random.pick([1, 2, 7, 1000]);
    const maxBytes = this.random.pick([1, 500, 5000, 2 ** 50]);
    const page = await this.pipe.read(state, { max, maxBytes, urls, principal: this.random.pick([OWNER, READER, ADMIN]) });
    const until = this.reference.until(pos, max, maxBytes);
    const chunks = page.chunks.map(({ url, expires, ...chunk }) => {
      const isKept = urls && chunk.status === 'ready' && chunk.data === undefined && Number(chunk.name.slice(1)) % 3 === 1;
      expect([url?.endsWith(`/o/${chunk.name}`), expires !== undefined]).toEqual([isKept ? true : undefined, isKept]);
      return chunk;
    });
    expect(chunks).toEqual(this.reference.log.slice(pos, until));
    const isLast = until === this.reference.log.length;
    expect(page).toMatchObject({ state: this.#state(until), upToDate: isLast, closed: isLast && this.reference.isOver });
    expect(page.lag).toEqual(this.reference.lag(until));
    return page;
  }

  /** A dead chunk is tried again, or given up; sometimes one that is not dead. */
  async #mend(): Promise<void> {
    const { chunks } = this.reference;
    const dead = chunks.filter(({ state, hole }) => state === 'dead' || hole !== undefined);
    const seq = dead.length > 0 && this.random.chance(0.8) ? this.random.pick(dead).seq : 1 + this.random.below(chunks.length + 1);
    const how = this.random.chance(0.7) ? 'retry' : 'skip';
    const isClearing = this.#work.some(({ job, state }) => job === `chunk:${seq}` && state.startsWith('undo'));
    expect(await refused(this.pipe.port.mendChunk(READER, seq, how))).toBe('PermissionDenied');
    const answer = await refused(this.pipe.port.mendChunk(OWNER, seq, how));
    if (answer === 'ServiceBusy' && how === 'retry') expect(isClearing).toBe(true);
    else expect(answer, `${how} ${seq}`).toBe(this.reference.mend(seq, how));
    if (answer === 'none' && dead.some((chunk) => chunk.seq === seq)) this.#checkpoints.delete(`chunk:${seq}`);
  }

  #jump(): void {
    const by = this.random.chance(0.05) && this.#jumped < 5 * DAY ? 25 * HOUR : this.random.pick(JUMPS);
    this.#jumped += by;
    testClock.now += by;
    this.#latest = Math.max(this.#latest, testClock.now);
  }

  /** A Carrier, perhaps one whose attempt was overtaken long ago, begins or says something. */
  async #carry(): Promise<void> {
    const held = this.random.chance(0.15) ? this.#held.at(-1 - this.random.below(20)) : this.#held.findLast(({ over }) => !over);
    if (!held) return;
    const row = this.#work.find(({ job, attempt, state }) => job === held.id && attempt === held.attempt && isCarried(state));
    if (held.over) expect(row, `${held.id} is held again by an attempt that was overtaken`).toBeUndefined();
    if (!held.task || this.random.chance(0.05)) return this.#begin(held, row);
    const report = this.#report(held.task);
    const goesOn = row !== undefined && this.#takes(held, row, report);
    for (let times = this.random.chance(0.1) ? 2 : 1; times > 0; times--) {
      const answer = await this.pipe.port.report(held.id, held.attempt, report);
      // Said twice: the repeat of what ended an attempt is not heard.
      if (times === 1 || !goesOn) expect(answer, JSON.stringify([held, report])).toBe(goesOn);
    }
    if (goesOn && held.task.kind === 'place') held.task = undefined;
    if (!goesOn) held.over = true;
  }

  async #begin(held: Held, row: WorkRow | undefined): Promise<void> {
    const task = await this.pipe.port.begin(held.id, held.attempt);
    const seq = held.id === 'place' ? undefined : Number(held.id.slice('chunk:'.length));
    const waiting =
      seq === undefined ? this.reference.waiting('place').slice(0, 200) : this.reference.waiting('carry').filter((one) => one.seq === seq);
    const chunks = row?.state === 'undoing' ? this.reference.chunks.filter((one) => one.seq === seq) : waiting;
    held.task = undefined;
    if (!task || !row || chunks.length === 0) {
      expect([task, row !== undefined && chunks.length > 0]).toEqual([undefined, false]);
      held.over = true;
      return;
    }
    if (task.kind !== 'place' && task.kind !== 'carry' && task.kind !== 'clear') throw new Error(`${held.id} is ${task.kind}`);
    held.task = task;
    const given = task.kind === 'place' ? task.chunks : [task.chunk];
    const told = (list: readonly { readonly seq: number; readonly name: string; readonly size: number }[]): unknown =>
      list.map(({ name, size, ...more }) => [more.seq, name, size]);
    expect(told(given)).toEqual(told(chunks));
    expect(task.kind).toBe(row.state === 'undoing' ? 'clear' : seq === undefined ? 'place' : 'carry');
    if (task.kind === 'carry') expect([task.attempt, task.checkpoint]).toEqual([held.attempt, this.#checkpoints.get(held.id)]);
  }

  #report(task: Travel): TaskReport {
    if (this.random.chance(0.15))
      return { kind: 'failed', fault: 'ServiceBusy', detail: 'come again', ...(this.random.chance(0.3) && { retryAfter: 90_000 }) };
    if (task.kind === 'clear') return { kind: 'cleared' };
    if (task.kind === 'carry') {
      if (this.random.chance(0.3))
        return { kind: 'more', checkpoint: { at: this.random.below(100) }, ...(this.random.chance(0.2) && { pause: 2000 }) };
      return { kind: 'delivered', deliveries: [this.#delivery(task.chunk.seq, 0)] };
    }
    const chunks = this.random
      .shuffle(task.chunks)
      .slice(0, this.random.chance(0.5) ? task.chunks.length : this.random.between(1, task.chunks.length));
    const deliveries = chunks.map(({ seq }) => this.#delivery(seq, 0.02));
    return { kind: 'delivered', deliveries: this.random.chance(0.1) ? [...deliveries, ...deliveries.toReversed()] : deliveries };
  }

  #delivery(seq: number, later: number): Delivery {
    if (this.random.chance(later)) return { kind: 'later', seq };
    if (this.random.chance(this.reference.definition.options.onDead === 'halt' ? 0.002 : 0.04))
      return { kind: 'dead', seq, fault: 'QuotaExceeded', detail: `no room for ${seq}` };
    const name = this.reference.chunks[seq - 1]?.name ?? '';
    return Number(name.slice(1)) % 3 === 2
      ? { kind: 'ready', seq, ...(this.random.chance(0.5) ? { md5: digest(name) } : { verified: 'length-only' }) }
      : { kind: 'ready', seq };
  }

  /** What the report of an attempt that has its row changes; whether the attempt goes on. */
  #takes({ id }: Held, row: WorkRow, report: TaskReport): boolean {
    const isLast = row.failures + 1 >= 12 || testClock.now - (row.since ?? testClock.now) > DAY;
    const giveUp = (why: Pick<Extract<Delivery, { kind: 'dead' }>, 'fault' | 'detail'>): void => {
      const seqs =
        id === 'place'
          ? this.reference
              .waiting('place')
              .slice(0, 200)
              .filter(({ written }) => written <= (row.since ?? testClock.now))
              .map(({ seq }) => seq)
          : [Number(id.slice(6))];
      for (const seq of seqs) this.reference.deliver({ ...why, kind: 'dead', seq });
    };
    if (report.kind === 'more') {
      this.#checkpoints.set(id, report.checkpoint);
      return report.pause === undefined;
    }
    if (report.kind === 'delivered') {
      for (const delivery of report.deliveries) this.reference.deliver(delivery);
      const isBusy = report.deliveries.some(({ kind }) => kind === 'later');
      if (id === 'place' && isBusy && isLast) giveUp({ fault: 'ServiceBusy', detail: 'the destination could not be reached' });
      return id === 'place' && !isBusy;
    }
    if (report.kind === 'failed' && isLast && row.state === 'running') giveUp(report);
    return false;
  }

  /** Everything that the object tells is what the reference tells. */
  async check(): Promise<void> {
    const { log, chunks } = this.reference;
    const found = await this.pipe.inside(async (port, { storage }) => ({
      description: await port.describe(OWNER),
      page: await port.read(reading(this.#state(log.length), { max: 10_000 })),
      work: storage.sql.exec('SELECT * FROM work').toArray() as unknown as WorkRow[],
      dead: storage.sql.exec<{ seq: number }>("SELECT seq FROM chunk WHERE state = 'dead'").toArray(),
      alarm: await storage.getAlarm(),
    }));
    const page = parsePage(found.page);
    // What the call itself has brought comes first; then attempts that were lost meanwhile are noticed.
    const shown = this.#show(page.chunks, 0);
    this.#giveUpLost([...found.dead, ...page.chunks.filter(({ status }) => status === 'dead')].map(({ seq }) => seq));
    this.#work = found.work;
    expect(this.#show(page.chunks, shown)).toBe(page.chunks.length);
    const { trimmed } = found.description.counts;
    expect(trimmed).toBeGreaterThanOrEqual(this.reference.trimmed);
    expect(trimmed).toBeLessThanOrEqual(Math.max(this.reference.trimmed, this.reference.trimmable));
    this.reference.trim(trimmed);
    const bytes = (list: readonly { readonly size: number }[]): number => list.reduce((sum, { size }) => sum + size, 0);
    const [waiting, dead] = [this.reference.count('waiting'), this.reference.dead];
    expect(found.description).toMatchObject({
      condition: this.reference.closed ? 'closed' : 'open',
      counts: { written: chunks.length, visible: log.length, waiting, dead, trimmed: this.reference.trimmed },
      bytes: { written: bytes(chunks), visible: bytes(log) },
      credit: this.reference.credit,
      earliest: this.#state(this.reference.trimmed),
      tail: this.#state(log.length),
    });
    expect(page.lag).toEqual(this.reference.lag(log.length));
    expect([page.state, page.upToDate, page.closed]).toEqual([this.#state(log.length), true, this.reference.isOver]);
    this.#checkOwed(found.alarm);
    for (const attempt of this.pipe.given()) {
      for (const held of this.#held) if (held.id === attempt.id) held.over = true;
      this.#held.push({ ...attempt, over: false });
    }
  }

  /** Chunks whose attempts were lost too often: only then may one be dead of which nobody has said so. */
  #giveUpLost(dead: readonly number[]): void {
    for (const chunk of this.reference.chunks) {
      if (chunk.state !== 'waiting' || !dead.includes(chunk.seq)) continue;
      const row = this.#work.find(({ job }) => job === (chunk.way === 'place' ? 'place' : `chunk:${chunk.seq}`));
      const isLost = row?.state === 'running' && (row.due ?? Infinity) <= testClock.now;
      const isLast = row !== undefined && (row.failures + 1 >= 12 || testClock.now - (row.since ?? testClock.now) > DAY);
      const isMeant = chunk.way === 'carry' || chunk.written <= (row?.since ?? 0);
      expect([isLost, isLast, isMeant], `${chunk.name} is dead, and nobody has said so`).toEqual([true, true, true]);
      this.reference.deliver({ kind: 'dead', seq: chunk.seq, ...INTERRUPTED });
    }
  }

  /** Compares what is due to be visible with what has been seen from `at` on; answers how far it goes. */
  #show(seen: readonly ChunkNotice[], at: number): number {
    const due = [...this.reference.due()];
    const part = seen.slice(at, at + due.length);
    expect(part).toEqual(this.reference.inOrderOf(part, due).map((chunk) => this.reference.show(chunk)));
    return at + due.length;
  }

  /** Each chunk that is on its way has a row with a deadline, and the alarm is set for it. */
  #checkOwed(alarm: number | null): void {
    const owed = new Set([
      ...(this.reference.waiting('place').length > 0 ? ['place'] : []),
      ...this.reference.waiting('carry').map(({ seq }) => `chunk:${seq}`),
    ]);
    const rows = new Map(this.#work.map((row) => [row.job, row]));
    for (const job of owed) expect(rows.get(job)?.due, `${job} has no deadline`).not.toBeUndefined();
    // A row that has nothing left to do goes when its Carrier asks.
    expect(this.#work.filter(({ job, state }) => !owed.has(job) && job !== 'place' && !state.startsWith('undo'))).toEqual([]);
    const first = Math.min(...this.#work.filter(({ state }) => isCarried(state)).map(({ due }) => due ?? Infinity));
    if (owed.size > 0)
      expect(alarm ?? Infinity).toBeLessThanOrEqual(Number.isFinite(first) ? Math.max(first, this.#latest + 1) : Number.MAX_SAFE_INTEGER);
  }

  /** Every chunk is brought to its end, and every reader to the end of the log. */
  async drain(): Promise<void> {
    for (let round = 0; this.reference.count('waiting') > 0; round++) {
      if (round > 500) throw new Error(`${this.reference.count('waiting')} chunks are left on their way`);
      testClock.now = Math.max(testClock.now, (await this.pipe.alarmTime()) ?? 0);
      this.#latest = Math.max(this.#latest, testClock.now);
      await this.pipe.ring();
      await this.check();
      for (const held of this.#held.filter(({ over }) => !over)) {
        const row = this.#work.find(({ job, attempt, state }) => job === held.id && attempt === held.attempt && isCarried(state));
        if (!held.task) await this.#begin(held, row);
        if (!held.task) continue;
        const all = held.task.kind === 'place' ? held.task.chunks : [held.task.chunk];
        const report: TaskReport =
          held.task.kind === 'clear'
            ? { kind: 'cleared' }
            : { kind: 'delivered', deliveries: all.map(({ seq }): Delivery => ({ kind: 'ready', seq })) };
        const goesOn = row !== undefined && this.#takes(held, row, report);
        expect(await this.pipe.port.report(held.id, held.attempt, report)).toBe(goesOn);
        if (goesOn) held.task = undefined;
        else held.over = true;
        await this.check();
      }
    }
    for (const reader of this.#readers) {
      while (reader.seen.length < this.reference.log.length) await this.#follow(reader);
      expect(reader.seen).toEqual(this.reference.log);
    }
  }

  #state(pos: number): string {
    return formatState(this.pipe.definition.id, pos);
  }
}

const isCarried = (state: WorkRow['state']): boolean => state === 'running' || state === 'undoing';

/** Undefined: no answer has come. */
async function outcome(call: Promise<Appended>): Promise<Expected | undefined> {
  try {
    return { appended: await call };
  } catch (error) {
    const fault = asFault(error);
    return fault && { fault: fault.fault };
  }
}
