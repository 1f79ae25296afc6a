// Finds what is near a position: the zones algorithm of Gray, Nieto-Santisteban and Szalay.
import type { Position } from './source.ts';
import { ARCSECOND, DEGREE, separation, toVector, type Vector } from './sphere.ts';

/** Degrees by which windows are widened, so that no rounding loses a neighbour: far more than doubles are off, far less than any distance. */
const ROUNDING = 1e-9;
const COUNT_MOST = 180 * 3600;

/**
 * Sources in *zones*: rings of one height in declination, each sorted by right ascension. Whoever asks for a neighbourhood looks at the zones that
 * it touches, in each of them at a window of right ascensions, and compares what is there by its exact distance.
 *
 * J. Gray, M. A. Nieto-Santisteban, A. S. Szalay, "The Zones Algorithm for Finding Points-Near-a-Point or Cross-Matching Spatial Datasets",
 * Microsoft Research, MSR-TR-2006-52: `zone = floor((dec + 90) / height)`, and the half width of the window around a circle of radius θ,
 * `α = atan(sin θ / √(cos(dec − θ) cos(dec + θ)))`, which grows with 1/cos(dec), and is the whole ring where the circle holds a pole.
 */
export class Zones<S extends Position> {
  readonly #height: number;
  readonly #count: number;
  /** Where each zone begins in what follows; one more at the end. */
  readonly #starts: Int32Array;
  readonly #sources: readonly S[];
  readonly #ras: Float64Array;
  readonly #vectors: readonly Vector[];

  /** `height` of a zone, arc seconds: best about the radius that is asked for. */
  constructor(sources: readonly S[], height: number) {
    this.#count = Math.min(COUNT_MOST, Math.max(1, Math.ceil((180 * 3600) / height)));
    this.#height = 180 / this.#count;
    this.#sources = sources.toSorted((one, other) => this.#zoneOf(one.dec) - this.#zoneOf(other.dec) || one.ra - other.ra);
    this.#ras = Float64Array.from(this.#sources, ({ ra }) => ra);
    this.#vectors = this.#sources.map(toVector);
    this.#starts = new Int32Array(this.#count + 1);
    for (const { dec } of sources) this.#starts[this.#zoneOf(dec) + 1] = this.#startOf(this.#zoneOf(dec) + 1) + 1;
    for (let zone = 1; zone <= this.#count; zone++) this.#starts[zone] = this.#startOf(zone) + this.#startOf(zone - 1);
  }

  /** Calls `found` with all that is within so many arc seconds, and how far it is, in radians. */
  near(centre: Position, radius: number, found: (source: S, distance: number) => void): void {
    const degrees = radius / 3600 + ROUNDING;
    const from = toVector(centre);
    const half = halfWindow(centre.dec, degrees);
    const look = (begin: number, end: number, high: number): void => {
      for (let i = begin; i < end && (this.#ras[i] ?? 0) <= high; i++) {
        const [source, vector] = [this.#sources[i], this.#vectors[i]];
        if (source === undefined || vector === undefined) continue;
        const distance = separation(from, vector);
        if (distance <= radius * ARCSECOND) found(source, distance);
      }
    };
    const last = this.#zoneOf(centre.dec + degrees);
    for (let zone = this.#zoneOf(centre.dec - degrees); zone <= last; zone++) {
      const [begin, end] = [this.#startOf(zone), this.#startOf(zone + 1)];
      if (begin === end) continue;
      for (const [low, high] of windows(centre.ra, half)) look(this.#atLeast(low, begin, end), end, high);
    }
  }

  /** The poles lie in the first and in the last. */
  #zoneOf(dec: number): number {
    return Math.max(0, Math.min(this.#count - 1, Math.floor((dec + 90) / this.#height)));
  }

  #startOf(zone: number): number {
    return this.#starts[zone] ?? 0;
  }

  /** The first of a zone whose right ascension is not below. */
  #atLeast(ra: number, begin: number, end: number): number {
    let [low, high] = [begin, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ras[middle] ?? 0) < ra) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Degrees of right ascension on either side. */
function halfWindow(dec: number, radius: number): number {
  if (Math.abs(dec) + radius >= 90) return 180;
  const rings = Math.cos((dec - radius) * DEGREE) * Math.cos((dec + radius) * DEGREE);
  return Math.min(180, Math.atan(Math.sin(radius * DEGREE) / Math.sqrt(rings)) / DEGREE + ROUNDING);
}

/** Right ascensions from and to, in one piece, or in two where they go over 0. */
function windows(ra: number, half: number): readonly (readonly [number, number])[] {
  if (half >= 180) return [[0, 360]];
  const [low, high] = [ra - half, ra + half];
  if (low < 0)
    return [
      [0, high],
      [low + 360, 360],
    ];
  if (high >= 360)
    return [
      [0, high - 360],
      [low, 360],
    ];
  return [[low, high]];
}
