// What can go wrong between a Carrier, the Spaces and a JobQueue: the n-th call of a job is refused, loses its answer, or is its attempt's last.

/**
 * before, after: the call fails without, or after, having had its effect. killed: the attempt is never heard of again after it.
 * late: its attempt stands still there until it is told to go on.
 */
export const TROUBLES = ['before', 'after', 'killed', 'late'] as const;
export type Trouble = (typeof TROUBLES)[number];

type Method = (...values: unknown[]) => Promise<unknown>;

export class Troubles {
  /** Calls so far. */
  calls = 0;
  readonly #at: number;
  readonly #how: Trouble;
  readonly #release = Promise.withResolvers<undefined>();

  /** `at`: the call that fails, counted from 1; 0: none. */
  constructor(at: number, how: Trouble) {
    this.#at = at;
    this.#how = how;
  }

  /** One attempt's connections. `stands`: it does not go on by itself. */
  attempt(): { readonly wire: <Port extends object>(port: Port) => Port; readonly stands: Promise<void> } {
    const stands = Promise.withResolvers<undefined>();
    let isDead = false;
    const wire = wired(async (call) => {
      if (isDead) return this.#lost();
      const how = ++this.calls === this.#at ? this.#how : undefined;
      if (how === 'killed') {
        isDead = true;
        await call().catch(() => undefined);
        stands.resolve(undefined);
        return this.#lost();
      }
      if (how === 'late') {
        stands.resolve(undefined);
        await this.#release.promise;
      }
      return failing(how, call);
    });
    return { wire, stands: stands.promise };
  }

  /** Between two Spaces: their calls fail, and are not lost with an attempt. */
  readonly peers = wired((call) => {
    const how = this.#how === 'before' || this.#how === 'after' ? this.#how : undefined;
    return failing(how && ++this.calls === this.#at ? how : undefined, call);
  });

  /** A killed attempt comes to nothing; it is cleared away with the others. */
  async #lost(): Promise<never> {
    await this.#release.promise;
    throw new Error('killed');
  }

  /** The attempts that stand still go on. */
  release(): void {
    this.#release.resolve(undefined);
  }
}

async function failing(how: Trouble | undefined, call: () => Promise<unknown>): Promise<unknown> {
  if (how === 'before') throw new Error('the connection was lost');
  const answer = await call();
  if (how === 'after') throw new Error('the connection was lost');
  return answer;
}

/** Methods are called on the port itself: those of a stub are no functions that could be applied to it. */
function wired(through: (call: () => Promise<unknown>) => Promise<unknown>): <Port extends object>(port: Port) => Port {
  return (port) =>
    new Proxy(port, {
      get:
        (target, method) =>
        (...values: unknown[]) =>
          through(async () => (target as Record<string | symbol, Method>)[method]?.(...values)),
    });
}
