// Shares in JSON, as a service answers them: `{"id", "uri", "created", "expires"}`, and `url` where the share has just been made.
import { listOf, parseJson, readTime, readToken, shape } from './value.ts';

export interface Share {
  readonly id: string;
  /** Of the node when it was shared. */
  readonly uri: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly expires: number;
}

const SHARE = { id: readToken, uri: readToken, created: readTime, expires: readTime };
const readMade = shape({ ...SHARE, url: readToken });
const readPage = shape({ shares: listOf(shape(SHARE)) }, { next: readToken });

/** Throws InvalidArgument naming the JSON path. */
export function parseShareJson(text: string): Share & { readonly url: string } {
  return readMade(parseJson(text), '$');
}

/** A page of them; `next` is given as `after` for the next. */
export function parseSharesJson(text: string): { readonly shares: readonly Share[]; readonly next?: string } {
  return readPage(parseJson(text, Infinity), '$');
}
