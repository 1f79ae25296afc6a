// Lists of uploads and downloads in JSON: a list that cannot be read is refused whole, an item that cannot be read alone.
//
//   {"items": [{"uri": "vos://example.org~vospace/a/b", "length": 388943, "type": "image/fits", "md5": "…", "parts": true},
//              {"path": "/a/c", "length": 12, "ifNoneMatch": "*"}]}
import { asFault } from '../../faults.ts';
import { MAX_BATCH } from '../limits.ts';
import type { CompleteWish, ListItem, UploadWish } from '../uploads.ts';
import {
  optional,
  parseJson,
  readBoolean,
  readCount,
  readList,
  readObject,
  readRecord,
  readString,
  readToken,
  refuse,
  required,
  type JsonObject,
} from './value.ts';

const MAX_ETAGS = 10_000;
const TARGET = ['uri', 'path'];

export function parseUploads(text: string): readonly ListItem<UploadWish>[] {
  return parseItems(text, TARGET, (value, path) => {
    const object = readObject(value, path, [...TARGET, 'length', 'type', 'md5', 'parts', 'ifMatch', 'ifNoneMatch']);
    checkTarget(object, path);
    const { ifMatch: match } = optional(object, path, 'ifMatch', readTags);
    const { ifNoneMatch: noneMatch } = optional(object, path, 'ifNoneMatch', readTags);
    return {
      length: required(object, path, 'length', readCount),
      ...optional(object, path, 'type', readType),
      ...optional(object, path, 'md5', readMd5),
      ...optional(object, path, 'parts', readBoolean),
      ...(match && { match }),
      ...(noneMatch && { noneMatch }),
    };
  });
}

export function parseDownloads(text: string): readonly ListItem<true>[] {
  return parseItems(text, TARGET, (value, path) => {
    checkTarget(readObject(value, path, TARGET), path);
    return true;
  });
}

export function parseCompletes(text: string): readonly ListItem<CompleteWish>[] {
  return parseItems(text, ['id'], (value, path) => {
    const { id, ...wish } = readRecord(value, path);
    readToken(id, `${path}.id`);
    return readComplete(wish, path);
  });
}

/** The body of a single completion; an empty one wishes nothing. */
export function parseComplete(text: string): CompleteWish {
  return text.trim() === '' ? {} : readComplete(parseJson(text), '$');
}

function readComplete(value: unknown, path: string): CompleteWish {
  const object = readObject(value, path, ['md5', 'etags']);
  const readEtags = (list: unknown, at: string): readonly string[] =>
    readList(list, at, (tag, tagAt) => readToken(tag, tagAt).replaceAll('"', ''), MAX_ETAGS);
  return { ...optional(object, path, 'md5', readMd5), ...optional(object, path, 'etags', readEtags) };
}

function parseItems<T>(text: string, names: readonly string[], read: (value: unknown, path: string) => T): readonly ListItem<T>[] {
  const document = readObject(parseJson(text), '$', ['items']);
  const readItem = (value: unknown, path: string): ListItem<T> => {
    const name = nameOf(value, names);
    try {
      return { name, wish: read(value, path) };
    } catch (error) {
      const fault = asFault(error);
      if (!fault) throw error;
      return { name, refused: { fault: fault.fault, detail: fault.detail } };
    }
  };
  return required(document, '$', 'items', (list, at) => readList(list, at, readItem, MAX_BATCH));
}

function nameOf(value: unknown, names: readonly string[]): string {
  if (typeof value !== 'object' || value === null) return '';
  const found = names.map((name) => (value as JsonObject)[name]).find((name) => typeof name === 'string');
  return typeof found === 'string' ? found : '';
}

function checkTarget(object: JsonObject, path: string): void {
  const { uri } = optional(object, path, 'uri', readToken);
  const { path: below } = optional(object, path, 'path', readToken);
  if ((uri === undefined) === (below === undefined)) throw refuse(`${path}.uri`, 'exactly one of uri and path must be given');
  if (uri !== undefined && !/^vos:/i.test(uri)) throw refuse(`${path}.uri`, 'is not a vos:// URI');
}

export function readMd5(value: unknown, path: string): string {
  const text = readToken(value, path).toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(text)) throw refuse(path, 'is not an MD5 of 32 hexadecimal digits');
  return text;
}

export function readType(value: unknown, path: string): string {
  const text = readToken(value, path);
  if (text.length > 1000 || !/^[\x21-\x7e][\x20-\x7e]*$/.test(text)) throw refuse(path, 'is not a media type');
  return text;
}

function readTags(value: unknown, path: string): readonly string[] {
  return readString(value, path)
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
}
