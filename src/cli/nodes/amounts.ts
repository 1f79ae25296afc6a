// Numbers and times as people read them.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `31 B`, `1.2 MiB`: three digits at most before a unit. */
export function humanBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function bytesText(bytes: number | undefined, exact: boolean): string {
  if (bytes === undefined) return '-';
  return exact ? String(bytes) : humanBytes(bytes);
}

/** In this computer's time zone: `2026-11-22 10:33`. */
export function localTime(time: number | undefined, seconds = false): string {
  if (time === undefined) return '-';
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = seconds ? `:${two(date.getSeconds())}` : '';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}${rest}`;
}

/** `1 node`, `1,200 nodes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
