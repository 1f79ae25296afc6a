// Matching by position: the Bayes factor, the best one of several, and chunks that give together what the whole sky gives at once.
import { describe, expect, test } from 'vitest';
import { bandsOf, inBand } from '../../../scripts/crossmatch/bands.ts';
import { leastLog10B, log10Bayes, priorOf, probabilityOf, radiusOf } from '../../../scripts/crossmatch/bayes.ts';
import { matchChunk, mergeMatches, type Matching } from '../../../scripts/crossmatch/match.ts';
import { anywhere, gaussians, seeded, shuffled } from '../../../scripts/crossmatch/random.ts';
import type { Match, Position, Source } from '../../../scripts/crossmatch/source.ts';
import { ARCSECOND, displace, separation, toVector } from '../../../scripts/crossmatch/sphere.ts';

const SEED = Number(process.env['SEED'] ?? 20082);
const MATCHING: Matching = { prior: 1e-5, probability: 0.5, margin: 60 };

const source = (id: string, { ra, dec }: Position, error = 0.3): Source => ({ id, ra, dec, error, mag: undefined });
const pairs = (matches: readonly Match[]): string[] => matches.map(({ a, b }) => `${a.id}=${b.id}`).toSorted();

/** Without zones and radii: every pair is looked at. */
function bySeeingAll(a: readonly Source[], b: readonly Source[]): Match[] {
  const least = leastLog10B(MATCHING);
  const best = b.flatMap((other) => {
    const likely = a
      .map((one) => ({ one, distance: separation(toVector(one), toVector(other)) }))
      .map(({ one, distance }) => ({ one, distance, log10B: log10Bayes(distance, one.error, other.error) }))
      .filter(({ log10B }) => log10B >= least)
      .toSorted((x, y) => y.log10B - x.log10B)[0];
    if (likely === undefined) return [];
    const { one, distance, log10B } = likely;
    return { a: one, b: other, separation: distance / ARCSECOND, log10B, probability: probabilityOf(log10B, MATCHING.prior) };
  });
  return mergeMatches(best);
}

describe('The Bayes factor', () => {
  test('is that of Budavári and Szalay: 2/(σ₁²+σ₂²) where the positions agree', () => {
    // Two positions of 0.1″ each: 2/(2·(0.1″)²) = (206264.806/0.1)² = 4.2545e12.
    expect(10 ** log10Bayes(0, 0.1, 0.1)).toBeCloseTo(4.2545e12, -9);
    // At ψ with ψ² = 2 ln 10 (σ₁²+σ₂²) it is ten times smaller.
    const distance = Math.sqrt(2 * Math.LN10 * (0.3 ** 2 + 0.4 ** 2)) * ARCSECOND;
    expect(log10Bayes(0, 0.3, 0.4) - log10Bayes(distance, 0.3, 0.4)).toBeCloseTo(1, 10);
  });

  test('is the integral over the sky that it stands for', () => {
    // B = ∫ p(x₁|m) p(x₂|m) p(m) dm / ∏ ∫ p(x|m) p(m) dm, p(m) = 1/4π, on a grid around both.
    const [one, other, apart] = [0.2, 0.5, 0.7].map((value) => value * ARCSECOND) as [number, number, number];
    const normal = (x: number, y: number, sigma: number): number =>
      Math.exp(-(x * x + y * y) / (2 * sigma ** 2)) / (2 * Math.PI * sigma ** 2);
    const step = 0.02 * ARCSECOND;
    let sum = 0;
    for (let x = -200; x <= 200; x++)
      for (let y = -200; y <= 200; y++) sum += normal(x * step, y * step, one) * normal(x * step - apart, y * step, other);
    const factor = (sum * step ** 2 * (1 / (4 * Math.PI))) / (1 / (4 * Math.PI)) ** 2;
    expect(Math.log10(factor)).toBeCloseTo(log10Bayes(apart, 0.2, 0.5), 6);
  });

  test('reaches the probability just where its threshold and its radius say', () => {
    for (const probability of [0.01, 0.5, 0.9, 0.999]) {
      const least = leastLog10B({ prior: priorOf(118_000, 45_000), probability });
      expect(probabilityOf(least, priorOf(118_000, 45_000))).toBeCloseTo(probability, 9);
      expect(log10Bayes(radiusOf(least, 0.1, 0.3) * ARCSECOND, 0.1, 0.3)).toBeCloseTo(least, 9);
    }
    expect(radiusOf(5, 1000, 1000)).toBe(0);
  });
});

describe('A chunk', () => {
  const here = { ra: 0, dec: 40 };

  test('gives each source its most likely one, by distance and by how well it is known', () => {
    const a = [source('near', displace(here, 0.8, 0), 0.1), source('far', displace(here, -1, 0), 0.1)];
    expect(pairs(matchChunk(a, [source('b', here)], MATCHING))).toEqual(['near=b']);
    // The nearer one claims to be known so well that it cannot be it.
    const sure = [source('near', displace(here, 1.5, 0), 0.01), source('far', displace(here, -1.6, 0), 1)];
    expect(pairs(matchChunk(sure, [source('b', here, 0.2)], MATCHING))).toEqual(['far=b']);
  });

  test('gives nothing for a source that has nothing near, for no sources, and for an empty neighbourhood', () => {
    expect(matchChunk([source('a', displace(here, 5, 0))], [source('b', here)], MATCHING)).toEqual([]);
    expect(matchChunk([], [source('b', here)], MATCHING)).toEqual([]);
    expect(matchChunk([source('a', here)], [], MATCHING)).toEqual([]);
  });

  test('decides between equals by their ids, whatever their order', () => {
    const a = [source('a2', here), source('a1', here), source('a3', here)];
    expect(pairs(matchChunk(a, [source('b', here)], MATCHING))).toEqual(['a1=b']);
    expect(pairs(matchChunk(a.toReversed(), [source('b', here)], MATCHING))).toEqual(['a1=b']);
  });

  test('is refused where its sources may match over more than the margin', () => {
    expect(() => matchChunk([source('a', here, 30)], [source('b', here)], MATCHING)).toThrow(/may match over .*margin of 60″/);
    // Errors so large that no position speaks for anything are no trouble: nothing of them matches.
    expect(matchChunk([source('a', here)], [source('b', here, 10_000)], MATCHING)).toEqual([]);
  });
});

describe('Merged matches', () => {
  test('have each source once, with its most likely partner', () => {
    const here = { ra: 10, dec: -5 };
    const a = [source('a', here, 0.1)];
    const b = [source('b1', displace(here, 0.5, 0)), source('b2', displace(here, 0.2, 0))];
    const all = matchChunk(a, b, MATCHING);
    expect(pairs(all)).toEqual(['a=b1', 'a=b2']);
    expect(pairs(mergeMatches(all))).toEqual(['a=b2']);
    expect(pairs(mergeMatches(all.toReversed()))).toEqual(['a=b2']);
  });

  test('are the same when a chunk comes twice', () => {
    const sky = randomSky(300);
    const once = matchChunk(sky.a, sky.b, MATCHING);
    expect(mergeMatches([...once, ...once])).toEqual(mergeMatches(once));
  });

  test.each([5, 10, 90])('of bands of %i degrees are those of looking at every pair of the whole sky', (height) => {
    const { a, b } = randomSky(700);
    const chunks = bandsOf(height).flatMap((band) => matchChunk(inBand(a, band, MATCHING.margin), inBand(b, band), MATCHING));
    const expected = bySeeingAll(a, b);
    expect(expected.length).toBeGreaterThan(500);
    expect(pairs(mergeMatches(chunks)), `seed ${SEED}`).toEqual(pairs(expected));
  });

  test('need the margin: without it matches over the borders of the bands are lost', () => {
    const { a, b } = randomSky(700);
    const without = bandsOf(5).flatMap((band) => matchChunk(inBand(a, band), inBand(b, band), MATCHING));
    expect(mergeMatches(without).length).toBeLessThan(bySeeingAll(a, b).length);
  });
});

/** Sources everywhere, at the poles, at RA 0, on the borders of the bands, in pairs and triples; most of them in both catalogues. */
function randomSky(count: number): { readonly a: Source[]; readonly b: Source[] } {
  const draw = seeded(SEED);
  const places = Array.from({ length: count }, (_, i): Position => {
    const { ra, dec } = anywhere(draw);
    if (i % 7 === 0) return displace({ ra, dec: draw() < 0.5 ? 90 : -90 }, 0, -3 * draw());
    if (i % 7 === 1) return displace({ ra: 0, dec }, 2 * draw() - 1, 0);
    if (i % 7 === 2) return displace({ ra, dec: 5 * Math.round(dec / 5) }, 0, draw() - 0.5);
    return { ra, dec };
  });
  const crowd = places.slice(0, 40).map((place) => displace(place, 1.5 * draw(), 1.5 * draw()));
  const all = [...places, ...crowd];
  const moved = (place: Position, error: number): Position => {
    const [east, north] = gaussians(draw);
    return displace(place, error * east, error * north);
  };
  const a = all.map((place, i) => source(`a${i}`, moved(place, 0.1 + 0.2 * (i % 3)), 0.1 + 0.2 * (i % 3)));
  const b = all.flatMap((place, i) => (i % 10 === 3 ? [] : source(`b${i}`, moved(place, 0.3 + 0.1 * (i % 2)), 0.3 + 0.1 * (i % 2))));
  return { a: shuffled(a, draw), b: shuffled(b, draw) };
}
