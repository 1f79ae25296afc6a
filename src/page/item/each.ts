// The same for many, a few at a time: each ends by itself, well or not.

export type Outcome<T, R> = { readonly of: T } & ({ readonly result: R } | { readonly thrown: unknown });

/** In the order of the list. `ended`: called after each, with how many have ended. */
export async function forEach<T, R>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<R>,
  ended?: (count: number) => void,
): Promise<readonly Outcome<T, R>[]> {
  const outcomes: Outcome<T, R>[] = [];
  let [next, count] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let index = next++; index < list.length; index = next++) {
      const of = list[index] as T;
      outcomes[index] = await work(of).then(
        (result) => ({ of, result }),
        (thrown: unknown) => ({ of, thrown }),
      );
      ended?.(++count);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
  return outcomes;
}
