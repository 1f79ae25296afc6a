// What users send to pipes, in JSON. Each refusal names the path of the value; docs/pipes.md shows every document.
//
//   {"src": "vos://example.org~vospace/a", "dest": "vos://example.org~vospace/b", "options": {"order": "ready"},
//    "access": {"write": ["ivo://example.org/gms?team"]}, "credentials": [{"authority": "other.example~vospace", "token": "…"}]}
//   {"name": "night-1/stars.vot", "size": 388943, "md5": "…"}      {"names": ["a", "b"]}      {"chunks": [{"name": "c", "data": "aGk="}], "final": true}
import { asFault, Fault } from '../../faults.ts';
import { parseChunkName, parsePipeGroup } from '../chunk-name.ts';
import { MAX_INLINE, MAX_WRITE_CHUNKS } from '../limits.ts';
import type { ChunkName, PipeAccess, PipeGroup, PipeOptions, Retention } from '../pipe.ts';
import { parseGroupUri, type GroupUri } from '../principal.ts';
import { readCredentials, type Credential } from './credentials.ts';
import { readMd5, readType } from './uploads.ts';
import {
  optional,
  readBoolean,
  readCount,
  readList,
  readObject,
  readRecord,
  readToken,
  refuse,
  required,
  type JsonObject,
  type Reader,
} from './value.ts';

export type AccessGroups = Pick<PipeAccess, 'write' | 'read' | 'manage'>;

/** What of a pipe may be changed later; what is absent stays as it is. */
export interface PipeSettings {
  readonly options?: Partial<PipeOptions>;
  readonly access?: Partial<AccessGroups>;
  readonly credentials?: readonly Credential[];
}

export interface PipeRequest extends PipeSettings {
  readonly src: string;
  readonly dest: string;
  /** Base URLs of foreign ends, where the registry shall not say. */
  readonly srcEndpoint?: string;
  readonly destEndpoint?: string;
}

export interface ChunkRequest {
  readonly name: ChunkName;
  readonly size?: number;
  readonly md5?: string;
  readonly type?: string;
  /** Base64: the bytes of an inline chunk. */
  readonly data?: string;
}

/** The claimed chunk of another pipe that these chunks are made of: it is acknowledged when they are durable. */
export interface Consumed {
  readonly pipe: string;
  readonly group: PipeGroup;
  readonly seq: number;
  readonly fence: string;
  /** Which of the outputs of that chunk this is; the first under this name wins. */
  readonly output: string;
  /** False: there are more outputs to come, and the last of them acknowledges the chunk. */
  readonly ack?: boolean;
}

export interface WriteRequest {
  /** One chunk, answered by itself; or a list, accepted together or not at all. */
  readonly kind: 'single' | 'list';
  readonly chunks: readonly ChunkRequest[];
  /** The pipe is closed after these. */
  readonly final?: { readonly total?: number };
  /** Seconds to wait for room in a pipe that is full. */
  readonly wait?: number;
  readonly consumed?: Consumed;
}

const SETTINGS = ['options', 'access', 'credentials'];
const SECONDS_AT_MOST = 10 * 366 * 86_400;
/** Seconds that a writer may wait for room. */
export const MAX_WRITE_WAIT = 55;

export function readPipeRequest(value: unknown, path = '$'): PipeRequest {
  const object = readObject(value, path, ['src', 'dest', 'srcEndpoint', 'destEndpoint', ...SETTINGS]);
  return {
    src: required(object, path, 'src', readToken),
    dest: required(object, path, 'dest', readToken),
    ...optional(object, path, 'srcEndpoint', readUrl),
    ...optional(object, path, 'destEndpoint', readUrl),
    ...readSettings(object, path),
  };
}

export function readPipeSettings(value: unknown, path = '$'): PipeSettings {
  return readSettings(readObject(value, path, SETTINGS), path);
}

function readSettings(object: JsonObject, path: string): PipeSettings {
  return {
    ...optional(object, path, 'options', readOptions),
    ...optional(object, path, 'access', readAccess),
    ...optional(object, path, 'credentials', readCredentials),
  };
}

const OPTIONS: { readonly [Name in keyof PipeOptions]: Reader<PipeOptions[Name]> } = {
  order: oneOf('write', 'ready'),
  onConflict: oneOf('fail', 'overwrite'),
  onDead: oneOf('show', 'halt'),
  maxChunks: between(1, 1_000_000),
  maxBytes: between(1, Number.MAX_SAFE_INTEGER),
  retain: readRetention,
  reclaim: readBoolean,
  materialise: readBoolean,
  parallel: between(1, 16),
  follow: readBoolean,
};

function readOptions(value: unknown, path: string): Partial<PipeOptions> {
  const object = readObject(value, path, Object.keys(OPTIONS));
  const given = Object.entries(OPTIONS).map(([name, read]) => optional(object, path, name, read as Reader<unknown>));
  return Object.assign({}, ...given) as Partial<PipeOptions>;
}

function readRetention(value: unknown, path: string): Retention {
  const object = readObject(value, path, ['kind', 'seconds', 'bytes']);
  const kind = required(object, path, 'kind', oneOf('age', 'acked', 'bytes', 'forever'));
  const unused = Object.keys(object).find((member) => member !== 'kind' && member !== (kind === 'age' ? 'seconds' : kind));
  if (unused !== undefined) throw refuse(`${path}.${unused}`, `has no meaning where kind is ${kind}`);
  if (kind === 'age') return { kind, seconds: required(object, path, 'seconds', between(1, SECONDS_AT_MOST)) };
  if (kind === 'bytes') return { kind, bytes: required(object, path, 'bytes', readCount) };
  return { kind };
}

function readAccess(value: unknown, path: string): Partial<AccessGroups> {
  const object = readObject(value, path, ['write', 'read', 'manage']);
  const readGroups: Reader<readonly GroupUri[]> = (list, at) => readList(list, at, readGroupUri, 100);
  return {
    ...optional(object, path, 'write', readGroups),
    ...optional(object, path, 'read', readGroups),
    ...optional(object, path, 'manage', readGroups),
  };
}

function readGroupUri(value: unknown, path: string): GroupUri {
  const uri = parseGroupUri(readToken(value, path));
  if (uri === undefined) throw refuse(path, 'is not a group such as ivo://example.org/gms?name');
  return uri;
}

const ENDING = ['final', 'total', 'wait', 'consumed'];
const CHUNK = ['name', 'size', 'md5', 'type', 'data'];

export function readWriteRequest(value: unknown, path = '$'): WriteRequest {
  const record = readRecord(value, path);
  const [first, ...others] = ['name', 'names', 'chunks'].filter((member) => Object.hasOwn(record, member));
  if (first === undefined) {
    readObject(value, path, [...CHUNK, ...ENDING]);
    throw refuse(path, 'has none of name, names and chunks');
  }
  if (others.length > 0) throw refuse(`${path}.${others[0]}`, `must not be there together with ${first}`);
  const object = readObject(value, path, first === 'name' ? [...CHUNK, ...ENDING] : [first, ...ENDING]);
  const chunks = chunksOf(object, path, first);
  if (chunks.length === 0) throw refuse(`${path}.${first}`, 'is empty');
  const {
    final = false,
    total,
    ...rest
  } = {
    ...optional(object, path, 'final', readBoolean),
    ...optional(object, path, 'total', readCount),
    ...optional(object, path, 'wait', between(0, MAX_WRITE_WAIT)),
    ...optional(object, path, 'consumed', readConsumed),
  };
  if (total !== undefined && !final) throw refuse(`${path}.total`, 'has no meaning without final');
  return {
    kind: first === 'name' ? 'single' : 'list',
    chunks,
    ...(final && { final: total === undefined ? {} : { total } }),
    ...rest,
  };
}

function chunksOf(object: JsonObject, path: string, member: string): readonly ChunkRequest[] {
  if (member === 'name') return [readChunk(object, path)];
  const readItem: Reader<ChunkRequest> =
    member === 'names' ? (item, at) => ({ name: readChunkName(item, at) }) : (item, at) => readChunk(readObject(item, at, CHUNK), at);
  return required(object, path, member, (list, at) => readList(list, at, readItem, MAX_WRITE_CHUNKS));
}

function readChunk(object: JsonObject, path: string): ChunkRequest {
  const chunk = {
    name: required(object, path, 'name', readChunkName),
    ...optional(object, path, 'size', readCount),
    ...optional(object, path, 'md5', readMd5),
    ...optional(object, path, 'type', readType),
    ...optional(object, path, 'data', readData),
  };
  if (chunk.data === undefined && chunk.type !== undefined)
    throw refuse(`${path}.type`, 'is that of the node: only data has one of its own');
  if (chunk.data !== undefined && chunk.size !== undefined && chunk.size !== bytesIn(chunk.data))
    throw new Fault('ChunkMismatch', `JSON ${path}.size: data has ${bytesIn(chunk.data)} bytes`);
  return chunk;
}

function readConsumed(value: unknown, path: string): Consumed {
  const object = readObject(value, path, ['pipe', 'group', 'seq', 'fence', 'output', 'ack']);
  return {
    pipe: required(object, path, 'pipe', readToken),
    group: required(object, path, 'group', readPipeGroup),
    seq: required(object, path, 'seq', readCount),
    fence: required(object, path, 'fence', readToken),
    output: required(object, path, 'output', readName),
    ...optional(object, path, 'ack', readBoolean),
  };
}

/** The body of close: `{total?}`. */
export function readClosing(value: unknown, path = '$'): { readonly total?: number } {
  return optional(readObject(value, path, ['total']), path, 'total', readCount);
}

export function readChunkName(value: unknown, path: string): ChunkName {
  return at(path, () => parseChunkName(readToken(value, path)));
}

export function readPipeGroup(value: unknown, path: string): PipeGroup {
  return at(path, () => parsePipeGroup(readToken(value, path)));
}

function readName(value: unknown, path: string): string {
  const text = readToken(value, path);
  if (text.length > 128) throw refuse(path, 'is longer than 128 characters');
  return text;
}

function readData(value: unknown, path: string): string {
  if (typeof value !== 'string') throw refuse(path, 'is not a string');
  if (value.length > Math.ceil(MAX_INLINE / 3) * 4) throw refuse(path, `has more than ${MAX_INLINE} bytes: send it as a node`);
  // RFC 4648 section 4, with its padding: each run of bytes has one spelling.
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(value))
    throw refuse(path, 'is not base64');
  if (bytesIn(value) > MAX_INLINE) throw refuse(path, `has more than ${MAX_INLINE} bytes: send it as a node`);
  return value;
}

/** Bytes that a base64 text stands for. */
export function bytesIn(data: string): number {
  return (data.length / 4) * 3 - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}

function readUrl(value: unknown, path: string): string {
  const text = readToken(value, path);
  if (!/^https?:/i.test(text) || !URL.canParse(text) || new URL(text).username !== '')
    throw refuse(path, 'is not an http(s) URL without credentials');
  return text;
}

export function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw refuse(path, `is none of ${values.join(', ')}`);
    return found;
  };
}

export function between(least: number, most: number): Reader<number> {
  return (value, path) => {
    const number = readCount(value, path);
    if (number < least || number > most) throw refuse(path, `is not between ${least} and ${most}`);
    return number;
  };
}

/** Gives a refusal the path of the value. */
function at<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const fault = asFault(error);
    throw fault && !fault.detail.startsWith('JSON ') ? refuse(path, fault.detail) : error;
  }
}
