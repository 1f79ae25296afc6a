// Parses and formats vos:// URIs and node paths: the only code that splits or decodes a name.
import { Fault } from '../faults.ts';

/** The authority of a VOSpace in its `~` form, for example `example.org~vospace`. VOSpace 2.1 section 2.1: `!` and `~` are equal. */
export type Authority = string & { readonly __brand: 'Authority' };
/** One decoded, NFC-normalised path segment of a node's name. */
export type Segment = string & { readonly __brand: 'Segment' };
/** The segments of a node's path below the root; empty for the root. */
export type NodePath = readonly Segment[];
export interface VosUri {
  readonly authority: Authority;
  readonly path: NodePath;
}

export const MAX_SEGMENT_BYTES = 255;
export const MAX_PATH_BYTES = 4096;
/** Reserved last segments (VOSpace 2.1 section 3.1.1): the server picks a name; the bit bucket. */
export const AUTO = '.auto';
export const NULL = '.null';

const utf8 = new TextEncoder();
// C0 and C1 controls, and the two characters that other systems split paths at.
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\]/;
// Characters that stay as they are in a vos:// URI path: RFC 3986 pchar without the escape.
const UNRESERVED = /[A-Za-z0-9\-._~!$&'()*+,;=:@]/;
/** Nearly every name: it is the same in a URI as here, and is no dot segment. */
const PLAIN = /^[A-Za-z0-9\-_~!$&'()*+,;=:@][A-Za-z0-9\-._~!$&'()*+,;=:@]*$/;

function invalid(text: string, why: string): Fault {
  return new Fault('InvalidURI', `${JSON.stringify(text.slice(0, 200))}: ${why}`);
}

/** One percent-encoded segment to its only accepted spelling. Throws InvalidURI. */
export function parseSegment(encoded: string): Segment {
  if (encoded.length <= MAX_SEGMENT_BYTES && PLAIN.test(encoded)) return encoded as Segment;
  let decoded: string;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    throw invalid(encoded, 'not valid percent-encoded UTF-8');
  }
  const name = decoded.normalize('NFC');
  if (name === '') throw invalid(encoded, 'empty path segment');
  if (name === '.' || name === '..') throw invalid(encoded, 'dot segments are not names');
  if (FORBIDDEN.test(name)) throw invalid(encoded, 'control characters, / and \\ cannot be part of a name');
  if (!name.isWellFormed()) throw invalid(encoded, 'lone surrogate');
  if (utf8.encode(name).length > MAX_SEGMENT_BYTES) throw invalid(encoded, `a name is at most ${MAX_SEGMENT_BYTES} bytes`);
  return name as Segment;
}

/** A percent-encoded path (`/a/b`, `a/b`, one trailing slash allowed, `` or `/` = root). Split before decoding, decoded once. */
export function parsePath(encoded: string): NodePath {
  const inner = encoded.replace(/^\//, '').replace(/\/$/, '');
  if (inner === '') return [];
  const path = inner.split('/').map(parseSegment);
  // A character has at most 3 bytes, and NFC makes at most three times as many of them: short paths need no counting.
  if (encoded.length * 9 > MAX_PATH_BYTES && utf8.encode(path.join('/')).length > MAX_PATH_BYTES)
    throw invalid(encoded, `a path is at most ${MAX_PATH_BYTES} bytes`);
  return path;
}

/** `example.org!vospace` and `example.org~vospace` are the same authority; the answer is the `~` form. */
export function parseAuthority(text: string): Authority {
  if (!/^[A-Za-z0-9][A-Za-z0-9.\-_~!:]{0,254}$/.test(text)) throw invalid(text, 'not an authority');
  return text.toLowerCase().replaceAll('!', '~') as Authority;
}

/** Throws InvalidURI for anything but `vos://authority[/path]`; query and fragment are refused. */
export function parseVosUri(text: string): VosUri {
  const match = /^vos:\/\/([^/?#]+)([^?#]*)$/i.exec(text.trim());
  if (!match) throw invalid(text, 'not a vos:// URI without query and fragment');
  return { authority: parseAuthority(match[1] ?? ''), path: parsePath(match[2] ?? '') };
}

/** The percent-encoded form of a path, starting with `/` unless it is the root's. */
export function formatPath(path: readonly string[]): string {
  let text = '';
  for (const name of path) text += `/${PLAIN.test(name) ? name : Array.from(name, escapeCharacter).join('')}`;
  return text;
}

export function formatVosUri(uri: { authority: Authority; path: readonly string[] }): string {
  return `vos://${uri.authority}${formatPath(uri.path)}`;
}

/** Whether `path` lies below `ancestor`, or is the same. */
export function isWithin(path: NodePath, ancestor: NodePath): boolean {
  return ancestor.length <= path.length && ancestor.every((name, i) => name === path[i]);
}

/** As MAX_PATH_BYTES counts: the names in UTF-8, with a slash between two. */
export function pathBytes(path: readonly string[]): number {
  return utf8.encode(path.join('/')).length;
}

/** Of a node that is to be below another place. Throws InvalidArgument. */
export function checkPathBytes(bytes: number, uri: string): void {
  if (bytes > MAX_PATH_BYTES)
    throw new Fault('InvalidArgument', `${uri.slice(0, 200)}: there, or below it, a path would have more than ${MAX_PATH_BYTES} bytes`);
}

function escapeCharacter(character: string): string {
  return UNRESERVED.test(character) ? character : encodeURIComponent(character);
}
