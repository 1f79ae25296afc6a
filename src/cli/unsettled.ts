// A process whose command waits for what nobody will ever do: Node would end it without a word.

/** As `work`; `forgotten` is asked where nothing is left that could settle it. */
export function orForgotten<T>(work: Promise<T>, forgotten: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const over = (): void => resolve(forgotten());
    process.once('beforeExit', over);
    work.finally(() => process.off('beforeExit', over)).then(resolve, reject);
  });
}
