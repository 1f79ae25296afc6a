// Several things at a time, and not all at once.

/** Does `work` for each, `abreast` of them at a time, in their order. Ends, without error, when the signal is aborted; else with the first error. */
export async function eachOf<T>(
  all: readonly T[],
  abreast: number,
  signal: AbortSignal,
  work: (one: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < all.length && !signal.aborted; at = next++) {
      const one = all[at];
      if (one !== undefined) await work(one, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(abreast, all.length) }, lane));
}
