// The zones algorithm against looking at every pair, where the sphere is hard: at RA 0, at the poles, at the borders of zones and chunks.
import { describe, expect, test } from 'vitest';
import { bandsOf, inBand } from '../../../scripts/crossmatch/bands.ts';
import { anywhere, gaussians, seeded } from '../../../scripts/crossmatch/random.ts';
import type { Position } from '../../../scripts/crossmatch/source.ts';
import { ARCSECOND, displace, separation, toPosition, toVector } from '../../../scripts/crossmatch/sphere.ts';
import { Zones } from '../../../scripts/crossmatch/zones.ts';

const SEED = Number(process.env['SEED'] ?? 20081);

function byZones(sources: readonly Position[], centre: Position, radius: number, height = radius): readonly Position[] {
  const found: Position[] = [];
  new Zones(sources, height).near(centre, radius, (source) => found.push(source));
  return found;
}

function byAll(sources: readonly Position[], centre: Position, radius: number): readonly Position[] {
  return sources.filter((source) => separation(toVector(source), toVector(centre)) <= radius * ARCSECOND);
}

describe('Positions', () => {
  test('are the same after a way through vectors', () => {
    const draw = seeded(SEED);
    for (let i = 0; i < 1000; i++) {
      const position = anywhere(draw);
      const back = toPosition(toVector(position));
      expect(back.ra).toBeCloseTo(position.ra, 9);
      expect(back.dec).toBeCloseTo(position.dec, 9);
    }
  });

  test('a milliarcsecond apart are measured as that, and so are opposite ones', () => {
    expect(separation(toVector({ ra: 10, dec: 0 }), toVector({ ra: 10, dec: 0.001 / 3600 })) / ARCSECOND).toBeCloseTo(0.001, 9);
    expect(separation(toVector({ ra: 10, dec: 20 }), toVector({ ra: 190, dec: -20 }))).toBeCloseTo(Math.PI, 12);
  });

  test.each([0, 89.9999, -89.9999, 90, -90, 45])('displaced at declination %f are where they are meant to be', (dec) => {
    for (const [east, north] of [
      [3, 4],
      [-3, 4],
      [5, 0],
      [0, -5],
    ] as const) {
      const from = { ra: 359.9999, dec };
      expect(separation(toVector(from), toVector(displace(from, east, north))) / ARCSECOND).toBeCloseTo(5, 5);
    }
  });

  test('displaced at random scatter with the same width along each axis, at a pole as elsewhere', () => {
    const draw = seeded(SEED);
    for (const from of [
      { ra: 0, dec: 0 },
      { ra: 77, dec: 89.99999 },
    ]) {
      const squares = Array.from({ length: 20_000 }, () => {
        const [east, north] = gaussians(draw);
        return (separation(toVector(from), toVector(displace(from, 0.3 * east, 0.3 * north))) / ARCSECOND) ** 2;
      });
      const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
      // The mean of the squares of two axes; 5 standard deviations of it.
      expect(Math.abs(mean / (2 * 0.09) - 1), `seed ${SEED}`).toBeLessThan(5 / Math.sqrt(20_000));
    }
  });
});

describe('Zones', () => {
  test('find across RA 0, from both sides', () => {
    const sources = [
      { ra: 359.9999, dec: 10 },
      { ra: 0.0001, dec: 10 },
      { ra: 180, dec: 10 },
    ];
    for (const ra of [0, 359.99995, 0.00005]) expect(byZones(sources, { ra, dec: 10 }, 2)).toHaveLength(2);
  });

  test.each([90, -90])('find everything around the pole at %f, in whatever direction', (dec) => {
    const ring = Array.from({ length: 36 }, (_, i) => ({ ra: i * 10, dec: dec - Math.sign(dec) * (1 / 3600) }));
    expect(byZones(ring, { ra: 123, dec }, 1.001)).toHaveLength(36);
    expect(byZones(ring, { ra: 123, dec }, 0.999)).toHaveLength(0);
    // Over the pole.
    expect(byZones(ring, { ra: 180, dec: dec - Math.sign(dec) * (1 / 3600) }, 2.001)).toHaveLength(36);
  });

  test('have a window that is neither too narrow beside a pole nor at the equator', () => {
    for (const dec of [0, 60, 89, 89.99, 89.9996, -89.9996]) {
      const centre = { ra: 0, dec };
      const ring = Array.from({ length: 720 }, (_, i) =>
        displace(centre, 1.9999 * Math.cos((i * Math.PI) / 360), 1.9999 * Math.sin((i * Math.PI) / 360)),
      );
      expect(byZones(ring, centre, 2)).toHaveLength(720);
    }
  });

  test('may be empty, all of them or those between', () => {
    expect(byZones([], { ra: 1, dec: 1 }, 10)).toEqual([]);
    expect(byZones([{ ra: 1, dec: -80 }], { ra: 1, dec: 80 }, 10)).toEqual([]);
    expect(byZones([{ ra: 1, dec: -80 }], { ra: 1, dec: 80 }, 161 * 3600)).toHaveLength(1);
  });

  test('give sources at one and the same position each for itself', () => {
    const same = Array.from({ length: 5 }, () => ({ ra: 0, dec: 90 }));
    expect(byZones(same, { ra: 200, dec: 90 }, 0.1)).toHaveLength(5);
  });

  test('find just what looking at every pair finds, whatever the radius and the height of the zones', () => {
    const draw = seeded(SEED);
    for (const [radius, height] of [
      [20_000, 20_000],
      [7200, 600],
      [7200, 200_000],
      [200_000, 50_000],
      [36_000, 7],
    ] as const) {
      const sources = Array.from({ length: 1500 }, () => nearTrouble(draw));
      const zones = new Zones(sources, height);
      for (let i = 0; i < 150; i++) {
        const centre = nearTrouble(draw);
        const found: Position[] = [];
        zones.near(centre, radius, (source) => found.push(source));
        expect(new Set(found), `seed ${SEED}, radius ${radius}, height ${height}`).toEqual(new Set(byAll(sources, centre, radius)));
        expect(new Set(found).size).toBe(found.length);
      }
    }
  });
});

/** Half of them anywhere, the others at the poles and at RA 0. */
function nearTrouble(draw: () => number): Position {
  const kind = Math.floor(draw() * 6);
  const position = anywhere(draw);
  if (kind === 0) return { ra: position.ra, dec: 90 - 2 * draw() };
  if (kind === 1) return { ra: position.ra, dec: -90 + 2 * draw() };
  if (kind === 2) return { ra: (359 + 2 * draw()) % 360, dec: position.dec };
  return position;
}

describe('Bands of declination', () => {
  test('hold every source in just one of them, the poles in the outermost', () => {
    const draw = seeded(SEED);
    const borders = [-90, -85, -5, 0, 5, 85, 90].map((dec) => ({ ra: 1, dec }));
    const sources = [...borders, ...Array.from({ length: 2000 }, () => anywhere(draw))];
    const bands = bandsOf(5);
    expect(bands).toHaveLength(36);
    expect(bands.flatMap((band) => inBand(sources, band)).toSorted(byPosition)).toEqual(sources.toSorted(byPosition));
  });

  test('with a margin hold whatever is near a source of the band without', () => {
    const bands = bandsOf(10);
    const sources = bands.flatMap(({ from }) => [-30, -29.9, 0, 29.9, 30.1].map((by) => ({ ra: 0, dec: Math.max(-90, from + by / 3600) })));
    for (const band of bands) {
      const wide = new Set(inBand(sources, band, 30));
      for (const centre of inBand(sources, band))
        for (const near of byAll(sources, centre, 30)) expect(wide.has(near as (typeof sources)[0])).toBe(true);
    }
  });

  test.each([0, 7, 2.5, -5, 200])('of %f degrees are refused', (height) => {
    expect(() => bandsOf(height)).toThrow(RangeError);
  });

  test('have names that sort as text within a hemisphere and say where they are', () => {
    expect(bandsOf(90).map(({ name }) => name)).toEqual(['dec_m90_p00.vot', 'dec_p00_p90.vot']);
  });
});

function byPosition(one: Position, other: Position): number {
  return one.dec - other.dec || one.ra - other.ra;
}
