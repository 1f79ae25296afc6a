// Figures of pipes in few characters.
import { formatCount } from '../../kit/format.ts';

/** Chunks a second: two figures are enough. */
export function formatChunkRate(rate: number): string {
  return rate < 0.05 ? '0' : rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate));
}

/** The middle goes where there is no room for all. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}
