// The rows of a folder, read in parts as they come into sight; a million of them cost no more than a thousand.
import { signal } from '@preact/signals';
import { VospaceError } from '../../client/error.ts';
import { BLOCK, Blocks, type Block } from './blocks.ts';
import type { Reader, Rows } from './rows.ts';
import type { Row, Source } from './source.ts';

/** Parts whose rows are kept, and requests at a time. */
const KEPT = 12;
const AT_ONCE = 2;
/** Names of beginnings in one answer. */
const MARKS = 1000;
/** Parts that are read one after the other to find the end, where the service does not tell. */
const MOST_STEPS = 400;

export class PagedRows implements Rows {
  readonly version = signal(0);
  failure: { readonly thrown: unknown } | undefined;
  starting = true;
  readonly #source: Source;
  readonly #reader: Reader;
  readonly #over = new AbortController();
  readonly #underWay = new Map<Block<Row>, AbortController>();
  #blocks = new Blocks<Row>(KEPT);
  #marking = false;
  /** The order is being learnt anew. */
  #anew = false;
  #wanted: readonly [first: number, end: number] = [0, 1];

  constructor(source: Source, reader: Reader) {
    this.#source = source;
    this.#reader = reader;
    this.#pump();
  }

  get total(): number {
    return this.starting ? 0 : this.#blocks.total;
  }

  get exact(): boolean {
    return !this.#blocks.open;
  }

  at(index: number): Row | undefined {
    return this.#blocks.at(index);
  }

  indexOf(name: string): number | undefined {
    return this.#blocks.indexOf(name);
  }

  show(first: number, end: number): void {
    this.#wanted = [Math.max(0, first - BLOCK / 4), Math.min(this.total, end + BLOCK / 4)];
    this.#pump();
  }

  async seek(prefix: string): Promise<number | undefined> {
    const { compare, page } = this.#source;
    if (!compare) return this.#here(prefix);
    // The other way round the names that begin so come after the greatest of them.
    const from = compare('a', 'b') < 0 ? prefix : `${prefix}\u{10ffff}`;
    try {
      const [found] = (await page(from, 1, this.#over.signal)).rows;
      if (!found?.name.startsWith(prefix)) return undefined;
      const block = this.#blocks.list[this.#blocks.findName(found.name, compare)];
      if (block && this.indexOf(found.name) === undefined) await this.#load(block);
      return this.indexOf(found.name);
    } catch (thrown) {
      if (!this.#over.signal.aborted) this.failure = { thrown };
      this.version.value++;
    }
    return undefined;
  }

  async collect(first: number, end: number): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (let at = first; at < Math.min(end, this.total);) {
      const { block: number, within } = this.#blocks.find(at);
      const block = this.#blocks.list[number];
      if (!block) break;
      if (!block.rows) await this.#load(block);
      const taken = block.rows?.slice(within, within + end - at) ?? [];
      if (taken.length === 0) break;
      rows.push(...taken);
      at += taken.length;
    }
    return rows;
  }

  async last(): Promise<number> {
    for (let steps = 0; this.#blocks.open && !this.#marking && steps < MOST_STEPS; steps++) {
      const block = this.#blocks.list.at(-1);
      if (!block || !(await this.#load(block))) break;
    }
    return this.total - 1;
  }

  refresh(): void {
    this.failure = undefined;
    const [first, end] = this.#wanted;
    this.#blocks.age(this.#blocks.find(first).block, this.#blocks.find(Math.max(first, end - 1)).block);
    for (const asked of this.#underWay.values()) asked.abort();
    this.#pump();
  }

  close(): void {
    this.#over.abort();
  }

  /** Asks for what is wanted and not there; what is asked for and no longer wanted is taken back. */
  #pump(): void {
    if (this.#over.signal.aborted || this.#anew) return;
    const [first, end] = this.#wanted;
    const [low, high] = [this.#blocks.find(first).block, this.#blocks.find(Math.max(first, end - 1)).block];
    const wanted = this.#blocks.list.slice(low, high + 1);
    for (const [block, asked] of this.#underWay) if (!wanted.includes(block)) asked.abort();
    for (const [index, block] of wanted.entries()) {
      if (block.rows && !block.stale) this.#blocks.use(low + index);
      else if (this.#underWay.size < AT_ONCE && !this.#underWay.has(block) && !this.failure) void this.#bring(block);
    }
  }

  /** What is in sight, as long as it is. */
  async #bring(block: Block<Row>): Promise<void> {
    const asked = new AbortController();
    this.#underWay.set(block, asked);
    await this.#load(block, asked.signal);
    this.#underWay.delete(block);
    this.#pump();
  }

  /** Whether it has worked. */
  async #load(block: Block<Row>, asked?: AbortSignal): Promise<boolean> {
    const blocks = this.#blocks;
    const signal = asked ? AbortSignal.any([asked, this.#over.signal]) : this.#over.signal;
    try {
      const part = await this.#source.page(block.start, blocks.limitOf(block), signal);
      // Meanwhile the order may have been learnt anew.
      if (!blocks.list.includes(block)) return false;
      const before = block.rows ?? [];
      this.failure = undefined;
      const known = blocks.list.length;
      if (!blocks.put(blocks.list.indexOf(block), part, this.#source.compare, this.#marking)) void this.#rebuild();
      const names = new Set(part.rows.map(({ name }) => name));
      this.#reader(
        part.rows,
        before.map(({ name }) => name).filter((name) => !names.has(name)),
      );
      // A second part: the folder is long.
      if (this.starting && blocks.list.length > known) void this.#mark(blocks);
      this.starting = false;
      return true;
    } catch (thrown) {
      if (!signal.aborted) this.#failed(thrown);
      return false;
    } finally {
      if (!signal.aborted) this.version.value++;
    }
  }

  /** Learns where every part begins. */
  async #mark(blocks: Blocks<Row>): Promise<void> {
    const { marks } = this.#source;
    if (!marks) return;
    this.#marking = true;
    try {
      for (let from = blocks.list.at(-1)?.start; from !== undefined;) {
        const starts = await marks(from, MARKS + 1, this.#over.signal);
        blocks.mark(starts.slice(1));
        this.version.value++;
        from = starts.length > MARKS ? starts.at(-1) : undefined;
      }
    } catch {
      // Then its end is found by going there.
    } finally {
      this.#marking = false;
    }
    if (blocks === this.#blocks) await this.#count();
  }

  /** How many rows the last part has is known when it has been read. */
  async #count(): Promise<void> {
    const tail = this.#blocks.list.at(-1);
    if (tail && this.#source.marks && !this.#over.signal.aborted) await this.#load(tail);
  }

  /** What is known of the order does not hold any more: it is learnt anew, and takes the place of the old when it is whole. */
  async #rebuild(): Promise<void> {
    if (this.#anew) return;
    this.#anew = true;
    const fresh = new Blocks<Row>(KEPT);
    try {
      fresh.put(0, await this.#source.page(undefined, BLOCK, this.#over.signal), this.#source.compare);
      if (fresh.list.length > 1) await this.#mark(fresh);
      this.#blocks = fresh;
      await this.#count();
    } catch (thrown) {
      if (!this.#over.signal.aborted) this.failure = { thrown };
    } finally {
      this.#anew = false;
    }
    this.version.value++;
    this.#pump();
  }

  #failed(thrown: unknown): void {
    // The child that a part began with has gone, and the order does not say what is in its place.
    if (!this.starting && !this.#source.compare && thrown instanceof VospaceError && thrown.fault === 'InvalidArgument')
      void this.#rebuild();
    else this.failure = { thrown };
  }

  #here(prefix: string): number | undefined {
    const [first] = this.#blocks.list.flatMap(({ rows }) => rows?.find(({ name }) => name.startsWith(prefix)) ?? []);
    return first && this.indexOf(first.name);
  }
}
