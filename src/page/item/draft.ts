// What is to be changed, before it is: by property URI the value that is wanted, or null for none.
import type { NodeDocument } from '../../model/node.ts';
import { commonValue, isMixed, valueIn, type Held, type Value } from './merge.ts';

export type Draft = ReadonlyMap<string, string | null>;

export const EMPTY: Draft = new Map();

export interface Change {
  readonly uri: string;
  /** What is there; undefined for nothing, also where the nodes differ. */
  readonly from: Value;
  readonly mixed: boolean;
  readonly to: string | null;
}

/** Whether a wish would change anything. An empty value of what is not there is none: its row has just been added. */
function isChange(from: Value, to: string | null): boolean {
  if (to === null) return from !== undefined;
  return from === undefined ? to !== '' : from !== to;
}

/** The draft with another wish for one property; what is there already is no wish. */
export function withWish(draft: Draft, held: Held | undefined, uri: string, to: string | null): Draft {
  const next = new Map(draft).set(uri, to);
  if (!isMixed(held) && (commonValue(held) ?? null) === to) next.delete(uri);
  return next;
}

export function withoutWish(draft: Draft, uri: string): Draft {
  const next = new Map(draft);
  next.delete(uri);
  return next;
}

/** Old and new of everything that would become another. */
export function differences(all: readonly Held[], draft: Draft): readonly Change[] {
  return Array.from(draft, ([uri, to]) => {
    const held = all.find((one) => one.uri === uri);
    return { uri, from: commonValue(held), mixed: isMixed(held), to };
  }).filter(({ from, mixed, to }) => mixed || isChange(from, to));
}

/** What has to be sent for this one of the nodes. */
export function changesOf(node: NodeDocument, draft: Draft): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Array.from(draft).filter(([uri, to]) => isChange(valueIn(node, uri), to)));
}

export interface Conflict {
  /** Of the node. */
  readonly node: string;
  readonly uri: string;
  /** What was there when the user saw it. */
  readonly seen: Value;
  readonly theirs: Value;
}

/** What somebody else has changed, since it was seen, that the draft would change as well, and to something else. */
export function conflictsOf(seen: NodeDocument, present: NodeDocument, draft: Draft): readonly Conflict[] {
  return Array.from(draft).flatMap(([uri, to]) => {
    const [before, theirs] = [valueIn(seen, uri), valueIn(present, uri)];
    return before === theirs || (theirs ?? null) === to ? [] : [{ node: present.uri, uri, seen: before, theirs }];
  });
}
