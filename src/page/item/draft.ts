// What is to be changed, before it is: by property URI what is wanted.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { isListChange, wishedFor, type Wish } from './list-change.ts';
import { commonValue, isMixed, type Held, type Value } from './merge.ts';

export type Draft = ReadonlyMap<string, Wish>;

export const EMPTY: Draft = new Map();

export interface Change {
  readonly uri: string;
  /** What is there; undefined for nothing, also where the nodes differ. */
  readonly from: Value;
  readonly mixed: boolean;
  readonly to: Wish;
}

/** Whether a wish would change anything. An empty value of what is not there is none: its row has just been added. */
function isChange(from: Value, wish: Wish): boolean {
  const to = wishedFor(from, wish);
  if (to === null) return from !== undefined;
  return from === undefined ? to !== '' : from !== to;
}

/** The draft with another wish for one property; what is there already is no wish. */
export function withWish(draft: Draft, held: Held | undefined, uri: string, to: Wish): Draft {
  const next = new Map(draft).set(uri, to);
  if (isListChange(to)) {
    if (!held?.values.some(({ value }) => isChange(value, to))) next.delete(uri);
  } else if (!isMixed(held) && (commonValue(held) ?? null) === to) next.delete(uri);
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
    const changes = isListChange(to)
      ? held?.values.some(({ value }) => isChange(value, to))
      : isMixed(held) || isChange(commonValue(held), to);
    return changes ? [{ uri, from: commonValue(held), mixed: isMixed(held), to }] : [];
  }).flat();
}

/** What has to be sent for this one of the nodes. */
export function changesOf(node: NodeDocument, draft: Draft): Readonly<Record<string, string | null>> {
  const changed = Array.from(draft).filter(([uri, to]) => isChange(valueIn(node, uri), to));
  return Object.fromEntries(changed.map(([uri, to]) => [uri, wishedFor(valueIn(node, uri), to)]));
}

export interface Conflict {
  /** Of the node. */
  readonly node: string;
  readonly uri: string;
  /** What was there when the user saw it. */
  readonly seen: Value;
  readonly theirs: Value;
}

/**
 * What somebody else has changed, since it was seen, that the draft would change as well, and to something else. What is put into a list or
 * taken out of it is no obstacle to what others do with the list.
 */
export function conflictsOf(seen: NodeDocument, present: NodeDocument, draft: Draft): readonly Conflict[] {
  return Array.from(draft).flatMap(([uri, to]) => {
    const [before, theirs] = [valueIn(seen, uri), valueIn(present, uri)];
    return before === theirs || isListChange(to) || (theirs ?? null) === to ? [] : [{ node: present.uri, uri, seen: before, theirs }];
  });
}
