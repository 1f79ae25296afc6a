// The pipes on the screen: read once, then kept as they are by the page's one event stream. Nothing is asked for by a clock.
import { signal } from '@preact/signals';
import { Pipes } from '../../client/pipes.ts';
import { SteeredPipe } from '../../client/steered-pipe.ts';
import { MOST_GROUPS_TOLD, type PipeChange } from '../../model/event.ts';
import type { PipeDocument } from '../../model/json/pipe-answers.ts';
import { onLive } from '../app/live.ts';
import { uriOf, type Place } from '../app/place.ts';
import { session } from '../app/spaces.ts';
import { isAborted, troubleOf, type Trouble } from '../app/trouble.ts';
import { Entry, type Flow } from './entry.ts';
import { Coalescer, framesApart } from './model/coalescer.ts';
import { hasOtherGroups } from './model/merge.ts';

/** Milliseconds between two drawings of what events tell. */
const PAUSE = 200;
/** Pipes that are drawn in one frame: so that no frame takes long, however many there are. */
const IN_A_FRAME = 16;

export async function allPipes(): Promise<Pipes<SteeredPipe>> {
  return new Pipes(await session(), SteeredPipe);
}

export async function openPipe(id: string): Promise<SteeredPipe> {
  return (await allPipes()).open(id);
}

export class Store {
  /** In the order in which they were made. */
  readonly entries = signal<readonly Entry[]>([]);
  readonly isLoaded = signal(false);
  readonly trouble = signal<Trouble | undefined>(undefined);
  /** The time, a second apart (epoch milliseconds): orders and sums go by it, so that they do not change all the time. */
  readonly second = signal(Date.now());
  readonly #byId = new Map<string, Entry>();
  readonly #dirty = new Set<Entry>();
  readonly #flows = new Set<(flow: Flow) => void>();
  readonly #missing = new Set<string>();
  readonly #container: Place | undefined;
  readonly #over = new AbortController();
  readonly #changes: Coalescer<string, PipeChange>;
  #isDrawing = false;
  #isLoading = false;
  /** Something may have changed since they were begun to be read. */
  #isStale = false;

  /** `container`: only the pipes of that one, those of others among them. */
  constructor(container: Place | undefined) {
    this.#container = container;
    const schedule = framesApart(
      PAUSE,
      () => performance.now(),
      (run) => requestAnimationFrame(run),
      (run, ms) => setTimeout(run, ms),
    );
    const join = (before: PipeChange, next: PipeChange): PipeChange => ({ ...next, reads: before.reads + next.reads });
    this.#changes = new Coalescer({ schedule, join, flush: (items) => this.#take(items) });
  }

  /** Returns how to stop. */
  start(): () => void {
    void this.load();
    const leave = onLive((event) => {
      if (event.event === 'resync') void this.load();
      else if (event.event === 'pipe') for (const change of event.pipes) this.#changes.add(change.pipe, change);
    });
    const clock = setInterval(() => {
      if (document.hidden) return;
      this.second.value = Date.now();
      for (const entry of this.entries.peek()) this.#draw(entry);
    }, 1000);
    return () => {
      leave();
      clearInterval(clock);
      this.#over.abort();
    };
  }

  find(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Told of everything that moves. Returns how to stop. */
  onFlow(listener: (flow: Flow) => void): () => void {
    this.#flows.add(listener);
    return () => this.#flows.delete(listener);
  }

  /** Reads all of them again. */
  async load(): Promise<void> {
    this.#isStale = this.#isLoading;
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const found = new Map<string, PipeDocument>();
      const all = await allPipes();
      const { signal: over } = this.#over;
      const where = this.#container && uriOf(this.#container);
      for (const asked of where === undefined ? [{}] : [{ src: where }, { dest: where }])
        for await (const document of all.list({ ...asked, signal: over })) found.set(document.pipe, document);
      for (const id of this.#byId.keys()) if (!found.has(id)) this.#byId.delete(id);
      for (const document of found.values()) this.#describe(document);
      this.#arrange();
      this.trouble.value = undefined;
    } catch (thrown) {
      if (!isAborted(thrown) && !this.#over.signal.aborted) this.trouble.value = troubleOf(thrown);
    }
    this.#isLoading = false;
    this.isLoaded.value = true;
    if (this.#isStale) await this.load();
  }

  /** Reads one again, after this page has changed it; one that is gone goes from the screen. */
  async refresh(id: string): Promise<void> {
    try {
      this.put(await (await allPipes()).describe(id, { signal: this.#over.signal }));
    } catch (thrown) {
      if (troubleOf(thrown).name === 'PipeNotFound') this.remove(id);
      else if (!isAborted(thrown)) this.trouble.value = troubleOf(thrown);
    }
  }

  put(document: PipeDocument): void {
    const isNew = !this.#byId.has(document.pipe);
    this.#describe(document);
    if (isNew) this.#arrange();
  }

  remove(id: string): void {
    if (this.#byId.delete(id)) this.#arrange();
  }

  #describe(document: PipeDocument): void {
    const entry = this.#byId.get(document.pipe);
    const now = Date.now();
    if (!entry) this.#byId.set(document.pipe, new Entry(document, now));
    else {
      this.#flow(entry.describe(document, now));
      this.#draw(entry);
    }
  }

  #take(changes: ReadonlyMap<string, PipeChange>): void {
    const now = Date.now();
    for (const [id, change] of changes) {
      const entry = this.#byId.get(id);
      const isGone = change.condition === 'destroying' || change.condition === 'destroyed';
      if (isGone) this.remove(id);
      else if (entry) {
        const isOther = hasOtherGroups(entry.document, change, MOST_GROUPS_TOLD);
        this.#flow(entry.tell(change, now));
        this.#draw(entry);
        if (isOther) this.#ask(id);
      } else if (this.#isHere(change)) this.#ask(id);
    }
  }

  /** What an event alone does not say. Several events ask once. */
  #ask(id: string): void {
    if (this.#missing.has(id)) return;
    this.#missing.add(id);
    void this.refresh(id).finally(() => this.#missing.delete(id));
  }

  #isHere({ src, dest }: PipeChange): boolean {
    const where = this.#container && uriOf(this.#container);
    return where === undefined || src === where || dest === where;
  }

  #arrange(): void {
    this.entries.value = [...this.#byId.values()].toSorted((one, other) =>
      (one.document.created ?? '').localeCompare(other.document.created ?? ''),
    );
  }

  #flow(flow: Flow): void {
    for (const listener of this.#flows) listener(flow);
  }

  #draw(entry: Entry): void {
    this.#dirty.add(entry);
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => this.#drawSome());
  }

  #drawSome(): void {
    const now = Date.now();
    let room = IN_A_FRAME;
    for (const entry of this.#dirty) {
      if (room-- === 0) break;
      this.#dirty.delete(entry);
      entry.draw(now);
    }
    this.#isDrawing = this.#dirty.size > 0;
    if (this.#isDrawing) requestAnimationFrame(() => this.#drawSome());
  }
}
