// Several things at a time, and not all at once.

/**
 * Does `work` for each, `abreast` of them at a time, in their order. Resolves to what it gave, or, when the signal is aborted, to what it has given so
 * far. Rejects with the first error.
 */
export async function eachOf<T, R>(
  all: Iterable<T>,
  abreast: number,
  work: (one: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<readonly R[]> {
  const results: R[] = [];
  const entries = Array.from(all).entries();
  const lane = async (): Promise<void> => {
    for (const [at, one] of entries) {
      if (signal?.aborted) return;
      results[at] = await work(one);
    }
  };
  await Promise.all(Array.from({ length: abreast }, lane));
  return results;
}
