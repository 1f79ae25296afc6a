// What several nodes have under each name: the same, or not.
import type { NodeDocument } from '../../model/node.ts';

/** `undefined`: the nodes do not have the property. */
export type Value = string | undefined;

export interface Held {
  readonly uri: string;
  /** Each value that there is, and how many nodes have it; the most frequent first. */
  readonly values: readonly { readonly value: Value; readonly count: number }[];
  /** Some service says so. */
  readonly readOnly: boolean;
}

/** Every property that one of the nodes has, in the order in which they come. */
export function mergeProperties(nodes: readonly NodeDocument[]): readonly Held[] {
  const found = new Map<string, Map<Value, number>>();
  const locked = new Set<string>();
  for (const { properties } of nodes)
    for (const { uri, value, readOnly } of properties) {
      const counts = found.get(uri) ?? new Map<Value, number>();
      counts.set(value, (counts.get(value) ?? 0) + 1);
      found.set(uri, counts);
      if (readOnly) locked.add(uri);
    }
  return Array.from(found, ([uri, counts]) => {
    const missing = nodes.length - Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
    if (missing > 0) counts.set(undefined, missing);
    const values = Array.from(counts, ([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
    return { uri, values, readOnly: locked.has(uri) };
  });
}

/** Whether the nodes differ. */
export function isMixed(held: Held | undefined): boolean {
  return held !== undefined && held.values.length > 1;
}

/** What all of them have; undefined where they differ as well. */
export function commonValue(held: Held | undefined): Value {
  return held?.values.length === 1 ? held.values[0]?.value : undefined;
}
