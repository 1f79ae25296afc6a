// The parameters of requests to pipes: strict, so that a misspelt one is not taken for its default.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import { MAX_PAGE, MAX_PIPE_WAIT, PIPE_WAIT } from '../model/limits.ts';
import type { AppEnv } from './context.ts';
import { query, refuseRepeated } from './input.ts';

const USUAL_PAGE = 1000;

export interface ReadParameters {
  readonly state: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly max: number;
  readonly maxBytes: number;
  readonly urls: boolean;
}

export function readParameters(c: Context<AppEnv>): ReadParameters {
  const given = only(c, ['state', 'timeout', 'max', 'maxbytes', 'urls']);
  return {
    state: given.get('state'),
    timeout: count(given, 'timeout', 0, MAX_PIPE_WAIT, PIPE_WAIT),
    max: count(given, 'max', 1, MAX_PAGE, USUAL_PAGE),
    maxBytes: count(given, 'maxbytes', 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    urls: flag(given, 'urls', true),
  };
}

/** The query with no other parameters than these, each once; their names in lower case. Throws InvalidArgument. */
export function only(c: Context<AppEnv>, names: readonly string[]): ReadonlyMap<string, string> {
  const given = query(c);
  for (const name of given.keys())
    if (!names.includes(name))
      throw new Fault(
        'InvalidArgument',
        `${name.slice(0, 50)}: not a parameter here; ${names.length === 0 ? 'there are none' : `known are ${names.join(', ')}`}`,
      );
  if (given.size > 0) refuseRepeated(c.get('url').searchParams, names);
  return given;
}

export function count(given: ReadonlyMap<string, string>, name: string, least: number, most: number, absent: number): number {
  const text = given.get(name);
  if (text === undefined) return absent;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new Fault('InvalidArgument', `${name}=${text.slice(0, 50)} is not a whole number from ${least} to ${most}`);
  return number;
}

export function flag(given: ReadonlyMap<string, string>, name: string, absent: boolean): boolean {
  const text = given.get(name);
  if (text === undefined) return absent;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new Fault('InvalidArgument', `${name}=${text.slice(0, 50)} is neither true nor false`);
}

/** The number of a chunk in the path. */
export function seqOf(text: string): number {
  const seq = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
  if (seq === 0) throw new Fault('ChunkNotFound', `${text.slice(0, 50)} is not the number of a chunk`);
  return seq;
}

/** Throws InvalidArgument for a key that is no header's value of 1 to 255 characters. */
export function idempotencyKey(c: Context<AppEnv>): string | undefined {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key))
    throw new Fault('InvalidArgument', 'Idempotency-Key: 1 to 255 printable characters of ASCII');
  return key;
}
