// The state of a reader: an opaque text that says how far a pipe has been read. States of one pipe sort as their positions do.
import { Fault } from '../faults.ts';
import type { PipeId } from './pipe.ts';

/** Crockford's digits: they sort as their values do, and none is mistaken for another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** Digits of a position: 2^55 is more than a safe integer. */
const WIDTH = 11;
/** Characters of the pipe's id that a state carries. */
const IDENTITY = 8;

/** Where a reader begins or goes on: after this pos. */
export type Position = number | 'now';

export function formatState(pipe: PipeId, pos: number): string {
  let digits = '';
  for (let rest = pos, i = 0; i < WIDTH; i++, rest = Math.floor(rest / 32)) digits = (DIGITS[rest % 32] ?? '') + digits;
  const body = digits + identityOf(pipe);
  return body + check(body);
}

/** Absent, empty and `-1`: from the start. `now`: from the tail. Throws InvalidState for what this pipe has not given out. */
export function parseState(pipe: PipeId, text: string | undefined): Position {
  if (text === undefined || text === '' || text === '-1') return 0;
  if (text === 'now') return 'now';
  const shown = JSON.stringify(text.slice(0, 80));
  const body = text.slice(0, -1);
  if (text.length !== WIDTH + IDENTITY + 1 || check(body) !== text.slice(-1)) throw new Fault('InvalidState', `${shown} is not a state`);
  if (body.slice(WIDTH) !== identityOf(pipe)) throw new Fault('InvalidState', `${shown} is a state of another pipe`);
  let pos = 0;
  for (const digit of body.slice(0, WIDTH)) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new Fault('InvalidState', `${shown} is not a state`);
    pos = pos * 32 + value;
  }
  if (!Number.isSafeInteger(pos)) throw new Fault('InvalidState', `${shown} is not a state`);
  return pos;
}

function identityOf(pipe: PipeId): string {
  return pipe.slice(0, IDENTITY);
}

/** Notices any one changed character, and two neighbours that have changed places. */
function check(body: string): string {
  let sum = 0;
  for (const [i, character] of Array.from(body).entries()) sum = (sum + (i + 1) * character.charCodeAt(0)) % 31;
  return DIGITS[sum] ?? '';
}
