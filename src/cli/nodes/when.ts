// Times and sizes as people write them.

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90s`, `5min`, `12h`, `7d`, `2w`. */
export function secondsIn(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,9})\s?(s|m|min|h|d|w)$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** `30`, or with a unit. Undefined for others, and for what is not between the two. */
export function timeIn(text: string, least: number, most: number): number | undefined {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : secondsIn(text);
  return seconds !== undefined && seconds >= least && seconds <= most ? seconds : undefined;
}

/** Seconds: dates end at 275760. */
const LONGEST = 10_000 * 365 * 86_400;

/**
 * A time: `2026-11-22`, `2026-11-22T10:00`, either in this computer's time zone, or with a zone of its own (`…T10:00Z`); or `90m`, `12h`,
 * `3d`, `2w` from `now` in the direction of `sign`. Of a day the beginning, or its last millisecond where `ends`. Undefined for others.
 */
export function parseWhen(
  text: string,
  { now, sign, ends }: { readonly now: number; readonly sign: 1 | -1; readonly ends: boolean },
): number | undefined {
  const seconds = secondsIn(text);
  if (seconds !== undefined) return seconds > LONGEST ? undefined : now + sign * seconds * 1000;
  const [, day, rest] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?))?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const time = new Date(`${day}T${rest ?? '00:00:00'}`);
  if (Number.isNaN(time.getTime())) return undefined;
  if (rest !== undefined || !ends) return time.getTime();
  // Days have 23 hours, or 25, now and then.
  time.setDate(time.getDate() + 1);
  return time.getTime() - 1;
}

const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes: `500`, `500 B`, `1.5M`, `20GiB`, `1.5 MB`: K, KiB and so on count by 1,024, kB and so on by 1,000. Undefined for others. */
export function parseBytes(text: string): number | undefined {
  const [, count, prefix = '', rest = ''] = /^(\d{1,15}(?:\.\d{1,6})?)\s?(?:([kmgtp])(i?b)?|b)?$/i.exec(text) ?? [];
  const base = rest.toLowerCase() === 'b' ? 1000 : 1024;
  const size = Math.round(Number(count) * base ** (POWERS[prefix.toLowerCase()] ?? 0));
  return Number.isSafeInteger(size) ? size : undefined;
}

/** More than none, as `parseBytes` has it, and never a letter alone: `10m` are minutes. */
export function sizeIn(text: string): number | undefined {
  return /(?:\d|b)$/i.test(text) ? parseBytes(text) || undefined : undefined;
}

/** `from..to`, `from..`, `..to`, or one for both. Undefined where an end is not understood. */
export function parseBetween(
  text: string,
  parse: (end: string, last: boolean) => number | undefined,
): { readonly from?: number; readonly to?: number } | undefined {
  const at = text.indexOf('..');
  const [low, high] = at === -1 ? [text, text] : [text.slice(0, at), text.slice(at + 2)];
  if (low === '' && high === '') return undefined;
  const [from, to] = [low === '' ? null : parse(low, false), high === '' ? null : parse(high, true)];
  if (from === undefined || to === undefined || (from !== null && to !== null && from > to)) return undefined;
  return { ...(from !== null && { from }), ...(to !== null && { to }) };
}
