// The state of a reader: an opaque text that says how far a pipe has been read. States of one pipe sort as their positions do.
import { Fault } from '../faults.ts';
import type { PipeId } from './pipe.ts';

/** Crockford's digits: they sort as their values do, and none is mistaken for another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** One for each remainder of PRIME. */
const CHECKS = `${DIGITS}ilou_`;
/** More than there are digits, so that two of them never count the same. */
const PRIME = 37;
/** Digits of a position: 2^55 is more than a safe integer. */
const WIDTH = 11;
/** Characters of the pipe's id that a state carries. */
const IDENTITY = 8;

/** Where a reader begins or goes on: after this pos. */
export type Position = number | 'now';

export function formatState(pipe: PipeId, pos: number): string {
  let digits = '';
  for (let rest = pos, i = 0; i < WIDTH; i++, rest = Math.floor(rest / 32)) digits = (DIGITS[rest % 32] ?? '') + digits;
  return digits + identityOf(pipe) + (check(digits) ?? '');
}

/** Absent, empty and `-1`: from the start. `now`: from the tail. Throws InvalidState for what this pipe has not given out. */
export function parseState(pipe: PipeId, text: string | undefined): Position {
  if (text === undefined || text === '' || text === '-1') return 0;
  if (text === 'now') return 'now';
  const shown = JSON.stringify(text.slice(0, 80));
  const digits = text.slice(0, WIDTH);
  if (text.length !== WIDTH + IDENTITY + 1 || check(digits) !== text.slice(-1)) throw new Fault('InvalidState', `${shown} is not a state`);
  if (text.slice(WIDTH, -1) !== identityOf(pipe)) throw new Fault('InvalidState', `${shown} is a state of another pipe`);
  let pos = 0;
  for (const digit of digits) pos = pos * 32 + DIGITS.indexOf(digit);
  if (!Number.isSafeInteger(pos)) throw new Fault('InvalidState', `${shown} is not a state`);
  return pos;
}

function identityOf(pipe: PipeId): string {
  return pipe.slice(0, IDENTITY);
}

/** Notices any one changed digit, and two neighbours that have changed places. Undefined for what has other characters than digits. */
function check(digits: string): string | undefined {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = DIGITS.indexOf(digits[i] ?? '');
    if (value < 0) return undefined;
    sum = (sum + (i + 1) * value) % PRIME;
  }
  return CHECKS[sum];
}
