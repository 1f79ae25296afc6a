// How far a copy has come, in one line: what matters least goes where there is no room, and a bar fills the rest.
import { counted, humanBytes } from '../nodes/amounts.ts';

/** Of a copy. No files: they are not counted, as where containers know their bytes. */
export interface Total {
  readonly files: number;
  readonly bytes: number;
}

export interface Progress {
  /** Files that need not be thought of any more, and those of them that failed. */
  readonly done: number;
  readonly failures: number;
  /** Bytes that were moved, and per second. */
  readonly moved: number;
  readonly rate: number;
  /** Where it is known. */
  readonly total: Total | undefined;
}

/** Columns of the bar. */
const [LEAST, MOST] = [10, 30];

/** Without `columns`: plain, for a log. */
export function progressLine({ done, failures, moved, rate, total }: Progress, columns?: number): string {
  const share = total && total.bytes > 0 ? Math.min(1, moved / total.bytes) : undefined;
  const percent = share === undefined ? '' : `${String(Math.floor(share * 100)).padStart(3)} %`;
  const { files: all = 0 } = total ?? {};
  const files = all === 1 ? '' : all > 1 ? `${done.toLocaleString('en')} of ${counted(all, 'file')}` : counted(done, 'file');
  const bytes = total ? `${humanBytes(moved)} of ${humanBytes(total.bytes)}` : humanBytes(moved);
  const left = total && rate > 0 && total.bytes > moved ? `${timeText((total.bytes - moved) / rate)} left` : '';
  const says = [files, bytes, `${humanBytes(rate)}/s`, left, failures > 0 ? `${failures} failed` : ''];
  const without = (...parts: readonly string[]): string => says.filter((part) => part !== '' && !parts.includes(part)).join(', ');
  const choices = [without(), ...(files === '' ? [] : [without(bytes)]), without(bytes, files)];
  const bar = share === undefined || columns === undefined ? 0 : LEAST;
  const roomBeside = (text: string): number => (columns ?? Infinity) - [percent, text].join(' ').length - 2;
  const text = choices.find((choice) => roomBeside(choice) >= bar);
  if (text === undefined || bar === 0) return [percent, text ?? without(bytes, files)].filter((part) => part !== '').join(', ');
  const width = Math.min(MOST, roomBeside(text));
  const filled = Math.floor((share ?? 0) * width);
  return `${percent} ${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${text}`;
}

/** `1:05`, `2:00:10`. */
export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const pair = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(whole % 60)}` : `${minutes}:${pair(whole % 60)}`;
}
