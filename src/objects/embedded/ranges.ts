// Reads a Range header as Swift does.
import type { Span } from './read.ts';

/* RFC 7233 section 6.1: egregious requests are refused; these are Swift's bounds. */
const MAX_RANGES = 50;
const MAX_OVERLAPS = 2;
const MAX_DESCENTS = 8;

/**
 * undefined: no such header, or one that must be ignored ("an invalid byte-range-set MUST be ignored"); empty: not satisfiable, 416.
 */
export function readRanges(header: string | null, size: number): readonly Span[] | undefined {
  const set = /^bytes=(.+)$/i.exec((header ?? '').replaceAll(' ', ''))?.[1];
  if (set === undefined) return undefined;
  const spans: Span[] = [];
  for (const text of set.split(',')) {
    const match = /^(\d*)-(\d*)$/.exec(text);
    const [, from = '', to = ''] = match ?? [];
    if (!match || (from === '' && to === '') || (from !== '' && to !== '' && Number(to) < Number(from))) return undefined;
    const span = satisfy(from, to, size);
    if (span) spans.push(span);
  }
  return isEgregious(spans) ? [] : spans;
}

function satisfy(from: string, to: string, size: number): Span | undefined {
  if (from === '') return Number(to) === 0 ? undefined : { start: Math.max(0, size - Number(to)), end: size };
  const start = Number(from);
  return start < size ? { start, end: to === '' ? size : Math.min(Number(to) + 1, size) } : undefined;
}

function isEgregious(spans: readonly Span[]): boolean {
  if (spans.length > MAX_RANGES) return true;
  const overlaps = spans.flatMap((one, i) => spans.slice(i + 1).filter((other) => one.start < other.end && other.start < one.end)).length;
  const descents = spans.filter((span, i) => i > 0 && (spans[i - 1]?.start ?? 0) > span.start).length;
  return overlaps > MAX_OVERLAPS || (descents > 0 && spans.length >= MAX_DESCENTS);
}
