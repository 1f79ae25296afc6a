// How a catalogue is cut into chunks: bands of declination, with a margin where a neighbour may be on the other side of a border.
import type { Position } from './source.ts';

/** From this declination on, up to the other one; the north pole is in the last. Degrees. */
export interface Band {
  /** Of the chunk: `dec_m05_p00.vot`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** `height`: whole degrees, of which 180 is a multiple. */
export function bandsOf(height: number): readonly Band[] {
  if (!Number.isInteger(height) || height < 1 || 180 % height !== 0) throw new RangeError(`bands of ${height} degrees do not fill the sky`);
  return Array.from({ length: 180 / height }, (_, i) => {
    const [from, to] = [-90 + i * height, -90 + (i + 1) * height];
    return { name: `dec_${inName(from)}_${inName(to)}.vot`, from, to };
  });
}

/**
 * The sources of a band, in the order in which they came. Two sources no further apart than the margin differ no more in declination. So, where one
 * catalogue's chunks have the margin and the other's have none, each pair within it is in the chunks of just one band: that of the source without.
 * It is the buffer zone by which Nieto-Santisteban, Thakar and Szalay, "Cross-Matching Very Large Datasets" (2007), give each server of a
 * cluster what it needs to work alone.
 * @param margin arc seconds
 */
export function inBand<P extends Position>(sources: readonly P[], { from, to }: Band, margin = 0): P[] {
  const [low, high] = [from - margin / 3600, to + margin / 3600];
  return sources.filter(({ dec }) => dec >= low && (dec < high || high >= 90));
}

function inName(degrees: number): string {
  return (degrees < 0 ? 'm' : 'p') + String(Math.abs(degrees)).padStart(2, '0');
}
