// Matches the sources of two chunks by their positions alone.
import { leastLog10B, log10Bayes, probabilityOf, radiusOf, type Rule } from './bayes.ts';
import type { Match, Source } from './source.ts';
import { ARCSECOND } from './sphere.ts';
import { Zones } from './zones.ts';

export interface Matching extends Rule {
  /** Arc seconds of the other catalogue beyond the borders of the chunk: no pair may be wider. */
  readonly margin: number;
}

/** Less than this is not worth a zone, arc seconds. */
const ZONE_LEAST = 60;

/**
 * For each source of `b` the most likely one of `a`, if it is likely enough; in the order of `b`. Throws RangeError where errors are so large that
 * pairs may be wider than the margin: some would be lost at the borders.
 */
export function matchChunk(a: readonly Source[], b: readonly Source[], { margin, ...rule }: Matching): Match[] {
  const least = leastLog10B(rule);
  const errorMost = a.reduce((most, { error }) => Math.max(most, error), 0);
  const radii = b.map(({ error }) => widestRadius(least, errorMost, error));
  const radiusMost = radii.reduce((most, radius) => Math.max(most, radius), 0);
  if (radiusMost > margin)
    throw new RangeError(`sources may match over ${radiusMost.toFixed(1)}″, and the chunks have a margin of ${margin}″ only`);
  const zones = new Zones(a, Math.max(radiusMost, ZONE_LEAST));
  return b.flatMap((source, i) => {
    let best: Match | undefined;
    zones.near(source, radii[i] ?? 0, (candidate, distance) => {
      const log10B = log10Bayes(distance, candidate.error, source.error);
      if (log10B < least) return;
      const match = { a: candidate, b: source, separation: distance / ARCSECOND, log10B, probability: probabilityOf(log10B, rule.prior) };
      if (best === undefined || isBetter(match, best)) best = match;
    });
    return best ?? [];
  });
}

/**
 * Of all chunks together: each source of `a` keeps its best match, so that none has two. In the order of `a`'s ids. The same matches again
 * change nothing.
 */
export function mergeMatches(matches: Iterable<Match>): Match[] {
  const best = new Map<string, Match>();
  for (const match of matches) {
    const other = best.get(match.a.id);
    if (other === undefined || isBetter(match, other)) best.set(match.a.id, match);
  }
  return [...best.values()].toSorted((one, other) => compareText(one.a.id, other.a.id));
}

/** Ties are decided by the ids, so that the result does not hang on the order of the sources. */
function isBetter(one: Match, other: Match): boolean {
  if (one.log10B !== other.log10B) return one.log10B > other.log10B;
  return (compareText(one.a.id, other.a.id) || compareText(one.b.id, other.b.id)) < 0;
}

/**
 * The largest radius over all errors of `a` up to the largest. The radius first grows with the error, and falls again where errors
 * are so large that nothing is likely any more: s² = σ₁² + σ₂² at its peak is 2/(e B).
 */
function widestRadius(log10B: number, errorMost: number, error: number): number {
  const peak = Math.sqrt(2 / (Math.E * 10 ** log10B)) / ARCSECOND;
  const atPeak = Math.sqrt(Math.max(0, peak ** 2 - error ** 2));
  return radiusOf(log10B, Math.min(errorMost, atPeak), error);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
