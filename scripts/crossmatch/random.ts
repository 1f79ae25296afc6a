// Random positions and errors that a seed makes again.
import type { Position } from './source.ts';
import { DEGREE } from './sphere.ts';

/** xorshift of 32 bits with a multiplication (mulberry32): 0 ≤ x < 1. */
export type Draw = () => number;

export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two independent values of the normal distribution (Box and Muller). */
export function gaussians(draw: Draw): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - draw()));
  const angle = 2 * Math.PI * draw();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Everywhere on the sphere alike: the sine of the declination is what is uniform. */
export function anywhere(draw: Draw): Position {
  return { ra: 360 * draw(), dec: Math.asin(2 * draw() - 1) / DEGREE };
}

export function shuffled<T>(list: readonly T[], draw: Draw): T[] {
  return list
    .map((item) => ({ item, key: draw() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
