// What a copy tells while it goes on and at its end: a line that is redrawn on a terminal, else a plain one now and then; JSON where asked for.
import type { Context } from '../command.ts';
import { EXIT, type Exit } from '../exit.ts';
import { statusLine, type StatusLine } from '../status.ts';
import { readTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { explain } from '../trouble.ts';
import { counted, humanBytes } from '../nodes/amounts.ts';
import { progressLine, timeText, type Total } from './progress.ts';

/** Milliseconds between two drawings, and between two plain lines. */
const [REDRAW, PLAIN] = [150, 5000];
/** Seconds of which the rate is one. */
const WINDOW = 8;

/** What became of one file: `copied`; `same`: it was there already, with these bytes; `kept`: it was there, and was to stay; or what would become of it. */
const OUTCOMES = ['copied', 'same', 'kept', 'removed', 'made', 'wouldCopy', 'wouldRemove'] as const;
export type Outcome = (typeof OUTCOMES)[number];
/** What was asked for: on standard output. */
const TOLD: readonly Outcome[] = ['wouldCopy', 'wouldRemove'];
/** Each is one file that need not be thought of any more. */
const FINAL: readonly Outcome[] = ['copied', 'same', 'kept', 'wouldCopy'];

export class Report {
  readonly #context: Pick<Context, 'terminal' | 'json' | 'quiet' | 'spaces'>;
  readonly #verbose: boolean;
  readonly #line: StatusLine;
  readonly #start = performance.now();
  readonly #counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  readonly #marks: (readonly [at: number, bytes: number])[] = [[this.#start, 0]];
  /** What there is to do in all, once it is known. */
  #total: Total | undefined;
  #bytes = 0;
  /** Of files that need not be moved. */
  #spared = 0;
  #settled = 0;
  #failures = 0;
  #skips = 0;
  #first: unknown;
  /** What to do is said once, however often the same fails. */
  readonly #advised = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(context: Pick<Context, 'terminal' | 'json' | 'quiet' | 'spaces'>, verbose: boolean) {
    this.#context = context;
    this.#verbose = verbose;
    this.#line = statusLine(context.terminal);
    const { watched } = context.terminal;
    if (!context.quiet && !context.json) this.#timer = setInterval(() => this.#draw(), watched ? REDRAW : PLAIN).unref();
  }

  /** Nothing was made where things go to. */
  get isUntouched(): boolean {
    return this.#counts.made + this.#counts.copied === 0;
  }

  get failures(): number {
    return this.#failures;
  }

  totalIs(total: Total): void {
    this.#total = total;
  }

  /** Bytes on their way; fewer than none when they have to go once more. */
  moved(bytes: number): void {
    this.#bytes += bytes;
  }

  /** `work` says how many bytes it has moved so far, which is taken back where it fails. */
  async counting<T>(work: (count: (bytes: number) => void) => Promise<T>): Promise<T> {
    let moved = 0;
    const count = (bytes: number): void => {
      this.moved(bytes - moved);
      moved = bytes;
    };
    try {
      return await work(count);
    } catch (thrown) {
      count(0);
      throw thrown;
    }
  }

  settled(outcome: Outcome, name: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#counts[outcome] += 1;
    if (FINAL.includes(outcome)) this.#settled += 1;
    if ((outcome === 'same' || outcome === 'kept') && typeof facts['size'] === 'number') this.#spared += facts['size'];
    if (this.#context.json) this.#event({ event: outcome, name, ...facts });
    else if (TOLD.includes(outcome)) {
      this.#line.clear();
      this.#queue(() => this.#context.terminal.out(`${outcome.replace('would', 'would ').toLowerCase()} ${shown(name)}\n`));
    } else if (this.#verbose) this.say(`${outcome} ${shown(name)}`);
  }

  skipped(name: string, why: string): void {
    this.#skips += 1;
    if (this.#context.json) this.#event({ event: 'skipped', name, why });
    else this.say(`skipped ${shown(name)}: ${why}`);
  }

  failed(name: string, thrown: unknown): void {
    this.#first ??= thrown;
    this.#failures += 1;
    const { fault, message, detail, advice } = explain(thrown);
    if (this.#context.json) this.#event({ event: 'failed', name, fault, message: detail, ...(advice !== undefined && { advice }) });
    else {
      this.say(`failed ${shown(name)}: ${shown(message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message)}`, true);
      if (advice === undefined || this.#advised.has(advice)) return;
      this.#advised.add(advice);
      this.say(`  ${advice}`, true);
    }
  }

  /** One line above the drawing. */
  say(line: string, isError = false): void {
    if (this.#context.json && !isError) return;
    this.#line.clear();
    if (isError) this.#context.terminal.error(line);
    else this.#context.terminal.say(line);
  }

  /** With --verbose only. */
  note(line: string): void {
    if (this.#verbose) this.say(line);
  }

  /** Nothing more is drawn. Resolves when all has been written. */
  async end(summary: string | undefined): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#line.clear();
    if (summary !== undefined && !this.#context.json) this.#context.terminal.say(summary);
    await this.#writing;
  }

  /** What has been done, in one line. */
  summary(): string {
    const seconds = (performance.now() - this.#start) / 1000;
    const { copied, same, kept, removed, wouldCopy: copies, wouldRemove: removes } = this.#counts;
    const others = [
      [copies, 'to be copied'],
      [removes, 'to be removed'],
      [same, 'there already'],
      [kept, 'left as they were'],
      [removed, 'removed'],
      [this.#skips, 'skipped'],
      [this.#failures, 'failed'],
    ] as const;
    const parts = [
      `${counted(copied, 'file')} copied`,
      `${humanBytes(this.#bytes)} in ${seconds < 10 ? `${seconds.toFixed(1)} s` : timeText(seconds)} (${humanBytes(this.#bytes / Math.max(0.001, seconds))}/s)`,
      ...others.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString('en')} ${what}`),
    ];
    return parts.join(', ');
  }

  facts(): Readonly<Record<string, number>> {
    return { ...this.#counts, bytes: this.#bytes, skipped: this.#skips, failed: this.#failures };
  }

  event(value: Readonly<Record<string, unknown>>): void {
    if (this.#context.json) this.#event(value);
  }

  exit(): Exit | undefined {
    if (this.#failures === 0) return undefined;
    return this.#settled === 0 ? explain(this.#first).exit : EXIT.partly;
  }

  #event(value: Readonly<Record<string, unknown>>): void {
    this.#queue(async () => this.#context.terminal.json(await this.#withUri(value)));
  }

  #queue(write: () => Promise<unknown>): void {
    this.#writing = this.#writing.then(write);
    this.#writing.catch(() => undefined);
  }

  /** Nodes are told by their URIs, as by all commands; files of this computer by their names. */
  async #withUri({ event, name, ...facts }: Readonly<Record<string, unknown>>): Promise<object> {
    const plain = { event, ...(name !== undefined && { name }), ...facts };
    try {
      const target = typeof name === 'string' ? readTarget(name) : undefined;
      if (target?.kind !== 'node') return plain;
      const { session } = await this.#context.spaces.of(target);
      return { event, uri: await session.uriOf(target.names), ...facts };
    } catch {
      // Of a VOSpace that is not known here.
      return plain;
    }
  }

  #draw(): void {
    const { terminal } = this.#context;
    const now = performance.now();
    const marks = this.#marks;
    marks.push([now, this.#bytes]);
    while (marks.length > 2 && (marks[0]?.[0] ?? now) < now - WINDOW * 1000) marks.shift();
    const [from, before] = marks[0] ?? [now, 0];
    // What is begun anew is counted back.
    const rate = now > from ? Math.max(0, ((this.#bytes - before) * 1000) / (now - from)) : 0;
    const total = this.#total && { ...this.#total, bytes: Math.max(this.#bytes, this.#total.bytes - this.#spared) };
    const done = this.#settled + this.#failures;
    const progress = { done, failures: this.#failures, moved: this.#bytes, rate, total };
    if (terminal.watched) this.#line.show(progressLine(progress, terminal.columns));
    else terminal.say(progressLine(progress));
  }
}
