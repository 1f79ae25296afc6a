// Shares in JSON, as a service answers them: `{"id", "uri", "created", "expires"}`, and `url` where the share has just been made.
import { optional, parseJson, readList, readRecord, readTime, readToken, required } from './value.ts';

export interface Share {
  readonly id: string;
  /** Of the node when it was shared. */
  readonly uri: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly expires: number;
}

/** Throws InvalidArgument naming the JSON path. */
export function parseShareJson(text: string): Share & { readonly url: string } {
  const value = parseJson(text);
  return { ...readShare(value, '$'), url: required(readRecord(value, '$'), '$', 'url', readToken) };
}

/** A page of them; `next` is given as `after` for the next. */
export function parseSharesJson(text: string): { readonly shares: readonly Share[]; readonly next?: string } {
  const page = readRecord(parseJson(text, Infinity), '$');
  return {
    shares: required(page, '$', 'shares', (list, path) => readList(list, path, readShare)),
    ...optional(page, '$', 'next', readToken),
  };
}

function readShare(value: unknown, path: string): Share {
  const share = readRecord(value, path);
  return {
    id: required(share, path, 'id', readToken),
    uri: required(share, path, 'uri', readToken),
    created: required(share, path, 'created', readTime),
    expires: required(share, path, 'expires', readTime),
  };
}
