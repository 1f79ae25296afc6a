// What is written into a pipe, in JSON: WriteChunk and close. Each refusal names the path of the value.
//
//   {"name": "night-1/stars.vot", "size": 388943, "md5": "…"}      {"names": ["a", "b"]}      {"chunks": [{"name": "c", "data": "aGk="}], "final": true}
import { Fault } from '../../faults.ts';
import { parseChunkName, parsePipeGroup } from '../chunk-name.ts';
import { MAX_INLINE, MAX_PIPE_WAIT, MAX_WRITE_CHUNKS } from '../limits.ts';
import type { ChunkName, PipeGroup } from '../pipe.ts';
import { readMd5, readType } from './uploads.ts';
import {
  atPath,
  between,
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
    ...optional(object, path, 'wait', between(0, MAX_PIPE_WAIT)),
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

function readChunkName(value: unknown, path: string): ChunkName {
  return atPath(path, () => parseChunkName(readToken(value, path)));
}

function readPipeGroup(value: unknown, path: string): PipeGroup {
  return atPath(path, () => parsePipeGroup(readToken(value, path)));
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
