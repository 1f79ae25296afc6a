// Positions on the unit sphere: as vectors, how far they are apart, and what lies a little beside one.
import type { Position } from './source.ts';

export type Vector = readonly [number, number, number];

export const DEGREE = Math.PI / 180;
/** Radians. */
export const ARCSECOND = DEGREE / 3600;

export function toVector({ ra, dec }: Position): Vector {
  const ring = Math.cos(dec * DEGREE);
  return [ring * Math.cos(ra * DEGREE), ring * Math.sin(ra * DEGREE), Math.sin(dec * DEGREE)];
}

export function toPosition([x, y, z]: Vector): Position {
  const ra = Math.atan2(y, x) / DEGREE;
  return { ra: ra < 0 ? (ra + 360) % 360 : ra, dec: Math.atan2(z, Math.hypot(x, y)) / DEGREE };
}

/** Radians, exact for small and for large angles: neither the arc cosine nor the arc sine is. */
export function separation(a: Vector, b: Vector): number {
  const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  return Math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

/** What lies so many arc seconds to the east and north, on the plane that touches the sphere here: also at a pole, where no step in ra would do. */
export function displace(from: Position, east: number, north: number): Position {
  const [x, y, z] = toVector(from);
  const [sin, cos] = [Math.sin(from.ra * DEGREE), Math.cos(from.ra * DEGREE)];
  const [e, n] = [east * ARCSECOND, north * ARCSECOND];
  return toPosition([x - e * sin - n * z * cos, y + e * cos - n * z * sin, z + n * Math.cos(from.dec * DEGREE)]);
}
