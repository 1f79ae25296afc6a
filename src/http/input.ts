// Reads what every resource reads the same way: the node path of a URL, bounded bodies, and which form an answer shall have.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import { boundedText } from '../model/bounded-text.ts';
import { MAX_DOCUMENT } from '../model/limits.ts';
import { illegalCharacter } from '../model/text.ts';
import { parsePath, type NodePath } from '../model/vos-uri.ts';
import type { AppEnv } from './context.ts';

/** The service's base URL without trailing slash, for example `https://example.org/vos`. */
export function baseUrl(c: Context<AppEnv>): string {
  const { publicUrl, basePath } = c.get('services').config;
  return (publicUrl ?? c.get('url').origin) + basePath;
}

/** The node path behind `prefix` in the URL, taken from the raw path so that it is decoded once and by one parser. */
export function nodePath(c: Context<AppEnv>, prefix: string): NodePath {
  return parsePath(rawPath(c, prefix));
}

export function rawPath(c: Context<AppEnv>, prefix: string): string {
  // Not URL.pathname: it resolves %2e%2e and turns backslashes into slashes, and what the client sent is to be judged.
  const [, path = ''] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(c.req.url) ?? [];
  const start = c.get('services').config.basePath + prefix;
  // The router matches decoded text: `/%6eodes` comes here, too, and is longer than what would be cut off.
  if (!path.startsWith(start)) throw new Fault('NotFound', path.slice(0, 500));
  return path.slice(start.length);
}

const REFUSALS = {
  tooLong: () => new Fault('RequestEntityTooLarge', `a document has at most ${MAX_DOCUMENT} bytes`),
  notUtf8: () => new Fault('InvalidArgument', 'the document is not UTF-8'),
  brokenOff: () => new Fault('InvalidArgument', 'the document broke off'),
};

/** The body as text. Throws RequestEntityTooLarge beyond 1 MiB and InvalidArgument for what is not UTF-8. */
export function readText(request: Request): Promise<string> {
  return boundedText(request, MAX_DOCUMENT, REFUSALS);
}

export function wantsJson(c: Context<AppEnv>): boolean {
  return /^application\/json\b/i.test(c.req.header('Accept') ?? '');
}

/** Only pipes ask: everything else is XML unless it is to be JSON. */
export function wantsXml(c: Context<AppEnv>): boolean {
  return /^(?:text|application)\/xml\b/i.test(c.req.header('Accept') ?? '');
}

export function isJson(c: Context<AppEnv>): boolean {
  return /^application\/json\b/i.test(c.req.header('Content-Type') ?? '');
}

/**
 * Query and form parameters with their names in lower case: UWS 1.1 section 2.2 leaves their case open. The first value of each counts.
 * Throws InvalidArgument for a value that no document could carry: many come back in jobs and transfers.
 */
export function parameters(...sources: readonly URLSearchParams[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const source of sources)
    for (const [name, value] of source) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), readable(name, value));
  return found;
}

function readable(name: string, value: string): string {
  const illegal = illegalCharacter(value);
  if (illegal === undefined) return value;
  throw new Fault('InvalidArgument', `parameter ${name.slice(0, 50)} contains ${illegal}, which XML cannot carry`);
}

/** Throws InvalidArgument when one of these is given more than once: which of the values is meant would be a guess. */
export function refuseRepeated(source: URLSearchParams, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of [...source.keys()].map((key) => key.toLowerCase())) {
    if (seen.has(name) && names.includes(name))
      throw new Fault('InvalidArgument', `parameter ${name.toUpperCase()} is given more than once`);
    seen.add(name);
  }
}

/** The parameters of the query and of a form in the body, wherever the client has put them. */
export async function form(c: Context<AppEnv>): Promise<ReadonlyMap<string, string>> {
  return parameters(c.get('url').searchParams, new URLSearchParams(await readText(c.req.raw)));
}

const NONE: ReadonlyMap<string, string> = new Map();

export function query(c: Context<AppEnv>): ReadonlyMap<string, string> {
  const { search, searchParams } = c.get('url');
  return search === '' ? NONE : parameters(searchParams);
}

/**
 * Whether the client checks bytes by the Digest of the answer, resumes by it and knows by it what it has already: no store sends one.
 * OpenCADC's products do (`vos/3.6 cadcutils/1.6 …`, `vostools-…`, the names of its commands).
 */
export function checksDigest(c: Context<AppEnv>): boolean {
  return /\b(vos|vostools|cadcutils|vcp|vsync|mountvofs)\b/i.test(c.req.header('User-Agent') ?? '');
}
