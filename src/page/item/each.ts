// The same for many, a few at a time: each ends by itself, well or not.
import { eachOf } from '../kit/each-of.ts';

export type Outcome<T, R> = { readonly of: T } & ({ readonly result: R } | { readonly thrown: unknown });

/** In the order of the list. `ended`: called after each, with how many have ended. */
export function forEach<T, R>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<R>,
  ended?: (count: number) => void,
): Promise<readonly Outcome<T, R>[]> {
  let count = 0;
  return eachOf(list, atOnce, async (of): Promise<Outcome<T, R>> => {
    try {
      return { of, result: await work(of) };
    } catch (thrown) {
      return { of, thrown };
    } finally {
      ended?.(++count);
    }
  });
}
