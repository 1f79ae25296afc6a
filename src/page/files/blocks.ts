// Where the parts of a long listing begin, how many children each has, and those of them that are at hand. Positions are counted from what is known;
// a part that is read anew may turn out longer or shorter, and everything behind it moves.

export interface Named {
  readonly name: string;
}

export interface Block<T> {
  /** The name of its first child; undefined at the beginning of the listing, whatever is there. */
  start: string | undefined;
  /** Exact where it has been read, else what is assumed. */
  count: number;
  rows: readonly T[] | undefined;
  /** Its rows may be out of date. */
  stale: boolean;
}

/** A part as it has been read. */
export interface ReadPart<T> {
  readonly rows: readonly T[];
  /** The name of what follows; undefined at the end of the listing. */
  readonly next: string | undefined;
}

/** Rows in one part. */
export const BLOCK = 250;
/** Rows more that are asked for when a part is read again: it may have grown. */
const SLACK = 50;

export class Blocks<T extends Named> {
  readonly list: Block<T>[] = [makeBlock(undefined)];
  /** Nobody knows what comes behind the last part. */
  open = true;
  readonly #most: number;
  /** Parts with rows, the latest used last. */
  readonly #recent = new Set<Block<T>>();
  #offsets: number[] | undefined;

  /** @param most parts whose rows are kept */
  constructor(most: number) {
    this.#most = most;
  }

  get total(): number {
    const offsets = this.#positions();
    return (offsets.at(-1) ?? 0) + (this.list.at(-1)?.count ?? 0);
  }

  /** The part that has this position, and where in it. */
  find(index: number): { readonly block: number; readonly within: number } {
    const offsets = this.#positions();
    let [low, high] = [0, offsets.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((offsets[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return { block: low, within: index - (offsets[low] ?? 0) };
  }

  at(index: number): T | undefined {
    const { block, within } = this.find(index);
    return this.list[block]?.rows?.[within];
  }

  offsetOf(block: number): number {
    return this.#positions()[block] ?? 0;
  }

  /** Among the rows that are at hand. */
  indexOf(name: string): number | undefined {
    for (const [at, { rows }] of this.list.entries()) {
      const within = rows?.findIndex((row) => row.name === name) ?? -1;
      if (within >= 0) return this.offsetOf(at) + within;
    }
    return undefined;
  }

  /** The last part that begins with this name or before it. */
  findName(name: string, compare: (one: string, other: string) => number): number {
    let [low, high] = [0, this.list.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compare(this.list[middle]?.start ?? '', name) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Rows to ask for, to have all of a part. */
  limitOf(block: Block<T>): number {
    const known = block.rows !== undefined || block !== this.list.at(-1);
    return Math.max(BLOCK, block.count) + (known ? SLACK : 0);
  }

  /** What a thinned listing says: the names with which parts begin, after those that are known already. */
  mark(starts: readonly string[]): void {
    for (const start of starts) this.list.push(makeBlock(start));
    this.#offsets = undefined;
  }

  /**
   * Takes what has been read of a part. False: it does not meet the next part, so that nothing behind it can be relied on.
   * @param compare absent where the order is not that of names
   * @param marking the parts behind the last one are about to be told
   */
  put(at: number, { rows, next }: ReadPart<T>, compare?: (one: string, other: string) => number, marking = false): boolean {
    const block = this.list[at];
    if (!block) return false;
    const following = this.list[at + 1];
    const meets = this.#meets(rows, next, following, compare);
    if (meets === undefined) return false;
    block.rows = meets.own;
    block.count = meets.own.length;
    block.stale = false;
    if (following === undefined) {
      this.open = next !== undefined;
      if (next !== undefined && !marking) this.list.push(makeBlock(next));
    } else if (meets.ends) {
      for (const gone of this.list.splice(at + 1)) this.#recent.delete(gone);
      this.open = false;
    } else if (meets.start !== undefined && meets.replaces) following.start = meets.start;
    else if (meets.start !== undefined) this.list.splice(at + 1, 0, makeBlock(meets.start, 1));
    this.#offsets = undefined;
    this.use(at);
    return true;
  }

  /** Keeps the rows of a part for longer than those of others. */
  use(at: number): void {
    const block = this.list[at];
    if (!block?.rows) return;
    this.#recent.delete(block);
    this.#recent.add(block);
    for (const old of this.#recent) {
      if (this.#recent.size <= this.#most) break;
      this.#recent.delete(old);
      old.rows = undefined;
    }
  }

  /** What is at hand may be out of date. Rows of other parts than those from `first` to `last` are let go. */
  age(first: number, last: number): void {
    for (const [at, block] of this.list.entries()) {
      if (!block.rows) continue;
      block.stale = true;
      if (at >= first && at <= last) continue;
      block.rows = undefined;
      this.#recent.delete(block);
    }
  }

  #meets(
    rows: readonly T[],
    next: string | undefined,
    following: Block<T> | undefined,
    compare: ((one: string, other: string) => number) | undefined,
  ) {
    const start = following?.start;
    if (start === undefined) return { own: rows };
    const found = rows.findIndex(({ name }) => name === start);
    if (found >= 0) return { own: rows.slice(0, found) };
    if (next === start) return { own: rows };
    // Everything that was behind it has gone.
    if (next === undefined && (!compare || rows.every(({ name }) => compare(name, start) < 0))) return { own: rows, ends: true };
    if (!compare) return undefined;
    const beyond = rows.findIndex(({ name }) => compare(name, start) > 0);
    // The child that the next part began with has gone: it begins with another one.
    if (beyond >= 0) return { own: rows.slice(0, beyond), start: rows[beyond]?.name, replaces: true };
    if (next !== undefined && compare(next, start) > 0) return { own: rows, start: next, replaces: true };
    // It has grown: there is another part between them.
    return { own: rows, start: next, replaces: false };
  }

  #positions(): readonly number[] {
    if (this.#offsets) return this.#offsets;
    let sum = 0;
    this.#offsets = this.list.map(({ count }) => {
      const before = sum;
      sum += count;
      return before;
    });
    return this.#offsets;
  }
}

function makeBlock<T>(start: string | undefined, count = BLOCK): Block<T> {
  return { start, count, rows: undefined, stale: false };
}

/** As the service sorts names: by code points. */
export function byCodePoints(one: string, other: string): number {
  if (one === other) return 0;
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at < length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
  if (at === length) return one.length - other.length;
  // Halves of pairs stand for code points beyond all others.
  const high = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
  return high(a) - high(b);
}
