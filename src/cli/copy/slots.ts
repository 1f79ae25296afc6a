// How much is done at a time: slots for connections, and a line of things that wait for workers.

/** So many at a time; the others in their order. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async with<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Things that are ready, taken by workers; whoever makes more waits until there are few. */
export class Line<T> {
  readonly #few: number;
  #items: T[] = [];
  #head = 0;
  #ended = false;
  readonly #takers: (() => void)[] = [];
  #makers: (() => void)[] = [];

  constructor(few: number) {
    this.#few = few;
  }

  push(items: Iterable<T>): void {
    for (const item of items) this.#items.push(item);
    for (const wake of this.#takers.splice(0)) wake();
  }

  /** Resolves when few are left, or when nobody takes any more. */
  async few(): Promise<void> {
    while (this.#items.length - this.#head > this.#few && !this.#ended) await new Promise<void>((resolve) => this.#makers.push(resolve));
  }

  /** Nothing more comes. */
  end(): void {
    this.#ended = true;
    for (const wake of [...this.#takers.splice(0), ...this.#makers.splice(0)]) wake();
  }

  /** Undefined at the end. */
  async take(): Promise<T | undefined> {
    while (this.#head >= this.#items.length) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    const item = this.#items[this.#head++];
    if (this.#head > 1000) [this.#items, this.#head] = [this.#items.slice(this.#head), 0];
    if (this.#items.length - this.#head <= this.#few) for (const wake of this.#makers.splice(0)) wake();
    return item;
  }
}

/** Items in groups of at most so many: a folder counts as one. */
export async function* batches<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < most) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
