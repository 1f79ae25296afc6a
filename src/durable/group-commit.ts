// Group commit: changes that arrive while the last one is being written to the disk share the next transaction, and with it one write.

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `commit` is given the items in the order in which they came, in one synchronous call; it answers, in this order, a result or the error of
 * each. What it throws befalls all of them, and nothing of theirs is stored. The runtime holds answers back until what they say is durable.
 */
export class GroupCommit<Item, Answer> {
  #waiting: Asked<Item, Answer>[] = [];
  #isWriting = false;
  readonly #commit: (items: readonly Item[]) => readonly (Answer | Error)[];
  readonly #sync: () => Promise<void>;

  /** `sync` resolves when everything written so far is on the disk. */
  constructor(commit: (items: readonly Item[]) => readonly (Answer | Error)[], sync: () => Promise<void>) {
    this.#commit = commit;
    this.#sync = sync;
  }

  /** Who comes alone is not kept waiting: it is committed in the same turn. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  /** Those that come together share one transaction. */
  addAll(items: readonly Item[]): readonly Promise<Answer>[] {
    const answers = items.map((item) => new Promise<Answer>((resolve, reject) => this.#waiting.push({ item, resolve, reject })));
    if (!this.#isWriting && this.#waiting.length > 0) void this.#write();
    return answers;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) {
        this.#flush();
        await this.#sync();
      }
    } catch (error) {
      // What could not be written breaks the object; the runtime starts it anew.
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    } finally {
      this.#isWriting = false;
    }
  }

  #flush(): void {
    const asked = this.#waiting;
    this.#waiting = [];
    try {
      const answers = this.#commit(asked.map(({ item }) => item));
      for (const [i, { resolve, reject }] of asked.entries()) {
        const answer = answers[i];
        if (answer instanceof Error) reject(answer);
        else resolve(answer as Answer);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
