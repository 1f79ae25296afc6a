// What a pipe is to be, in JSON: CreatePipe and change. Each refusal names the path of the value; docs/pipes.md shows every document.
//
//   {"src": "vos://example.org~vospace/a", "dest": "vos://example.org~vospace/b", "options": {"order": "ready"},
//    "access": {"write": ["ivo://example.org/gms?team"]}, "credentials": [{"authority": "other.example~vospace", "token": "…"}]}
import type { PipeAccess, PipeOptions, Retention } from '../pipe.ts';
import { parseGroupUri, type GroupUri } from '../principal.ts';
import { readCredentials, type Credential } from './credentials.ts';
import {
  between,
  oneOf,
  optional,
  readBoolean,
  readCount,
  readList,
  readObject,
  readToken,
  refuse,
  required,
  type JsonObject,
  type Reader,
} from './value.ts';

type AccessGroups = Pick<PipeAccess, 'write' | 'read' | 'manage'>;

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

const SETTINGS = ['options', 'access', 'credentials'];
const SECONDS_AT_MOST = 10 * 366 * 86_400;
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

function readUrl(value: unknown, path: string): string {
  const text = readToken(value, path);
  if (!/^https?:/i.test(text) || !URL.canParse(text) || new URL(text).username !== '')
    throw refuse(path, 'is not an http(s) URL without credentials');
  return text;
}
