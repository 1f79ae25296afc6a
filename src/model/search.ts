// What a search asks for, and a place in its order.
import type { Glob } from './glob.ts';
import type { NodeType } from './node.ts';

/** A free property of the node: that it is there, that it has this value, or that its value contains this text. */
export interface PropertyTest {
  readonly uri: string;
  readonly test: 'exists' | 'is' | 'contains';
  /** '' for `exists`. */
  readonly value: string;
}

/** Both ends inclusive; absent: open. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** All of it must be true of a node. */
export interface NodeFilter {
  readonly name?: Glob;
  /** One of these; empty: any. */
  readonly types: readonly NodeType[];
  readonly properties: readonly PropertyTest[];
  /** Bytes of a data node. */
  readonly size?: Range;
  /** The last change, epoch milliseconds. */
  readonly date?: Range;
  readonly owner?: string;
  /** Of the bytes, lower-case hexadecimal. */
  readonly md5?: string;
}

/**
 * Nodes are found container by container, the containers in the order of their paths and each before those in it; in a container by name.
 * A place says where to go on: in this container (names below the base), at this name, inclusive; without a name, behind its children.
 */
export interface SearchPlace {
  readonly container: readonly string[];
  readonly name?: string;
}

/** Tests of properties in one search. */
export const MAX_PROPERTY_TESTS = 8;

/** As SQLite and UTF-8 order text: by code points. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at === -1) return -1;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

/** The order of containers: component by component, a container before what is in it. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareNames(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** The first name that can follow this one: names hold no control characters. */
export function justAfter(name: string): string {
  return `${name}\u0001`;
}
