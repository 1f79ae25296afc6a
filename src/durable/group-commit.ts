// Group commit: all changes that arrive in one turn of the event loop share one transaction, and with it one write to the disk.

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `commit` is given the items in the order in which they came, in one synchronous call; it answers, in this order, a result or the error of
 * each. What it throws befalls all of them, and nothing of theirs is stored.
 */
export class GroupCommit<Item, Answer> {
  #waiting: Asked<Item, Answer>[] = [];
  readonly #commit: (items: readonly Item[]) => readonly (Answer | Error)[];

  constructor(commit: (items: readonly Item[]) => readonly (Answer | Error)[]) {
    this.#commit = commit;
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0);
    });
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
