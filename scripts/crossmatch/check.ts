// Compares matches with what is known: which of them are true, and which are missing.
import type { Match } from './source.ts';

export interface Verdict {
  /** Sources that have a star, and were matched with it. */
  readonly right: number;
  /** Sources that have a star at all. */
  readonly possible: number;
  /** Percent. */
  readonly completeness: number;
  /** Matches of a source with a star that it is not. */
  readonly wrong: readonly Match[];
  /** Ids of sources that have a star, and were not matched. */
  readonly missing: readonly string[];
  /** Ids of `a` or of `b` that are in more than one match. */
  readonly repeated: readonly string[];
}

/** `truth`: id in `b` → id in `a`. */
export function judge(matches: readonly Match[], truth: ReadonlyMap<string, string>): Verdict {
  const isRight = ({ a, b }: Match): boolean => truth.get(b.id) === a.id;
  const matched = new Set(matches.map(({ b }) => b.id));
  const right = new Set(matches.filter(isRight).map(({ b }) => b.id)).size;
  return {
    right,
    possible: truth.size,
    completeness: truth.size === 0 ? 100 : (100 * right) / truth.size,
    wrong: matches.filter((match) => !isRight(match)),
    missing: [...truth.keys()].filter((id) => !matched.has(id)),
    repeated: [...repeats(matches.map(({ a }) => a.id)), ...repeats(matches.map(({ b }) => b.id))],
  };
}

/** How many random positions are expected within so many arc seconds of a source: `count` positions, `others` sources, the whole sky. */
export function byChance(count: number, others: number, radius: number): number {
  const sky = 4 * Math.PI * (180 / Math.PI) ** 2 * 3600 ** 2;
  return (count * others * Math.PI * radius ** 2) / sky;
}

function repeats(ids: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.has(id) || !seen.add(id)));
}
