// Reads one line of a backup strictly: a refusal names the member of the record that is wrong.
import type { NodeRecord } from '../../durable/space/operator/port.ts';
import { DIRECTORY_KINDS, type DirectoryRecord } from '../../model/directory-record.ts';
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
  type Reader,
} from '../../model/json/value.ts';
import { ADOPTED_KEYS, checkContainerName, readAdoptedKey } from '../../model/adopted.ts';
import { isNodeType } from '../../model/node.ts';
import { parseUserId } from '../../model/principal.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { parseSegment } from '../../model/vos-uri.ts';
import type { BackupLine } from './backup.ts';

/** Characters of one line: a node with all its properties. */
export const MAX_LINE = 32 * 1024 * 1024;

type Kind = BackupLine['kind'];
type Line<K extends Kind> = Extract<BackupLine, { readonly kind: K }>;

/** Throws InvalidArgument. */
export function parseBackupLine(text: string): BackupLine {
  const line = readRecord(parseJson(text, MAX_LINE), '$');
  const kind = line['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(READERS, kind)) throw refuse('$.kind', 'is not a kind of line in a backup');
  return READERS[kind as Kind](line);
}

export function isDirectoryRecord(line: BackupLine): line is DirectoryRecord {
  return (DIRECTORY_KINDS as readonly string[]).includes(line.kind);
}

/** For text that XML need not carry. */
const readText: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw refuse(path, 'is not a string');
  return value;
};
/** A node's name, as `parseSegment` takes it. */
const readName: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || !value.isWellFormed()) throw refuse(path, 'is not a name');
  return parseSegment(encodeURIComponent(value));
};
const readUser: Reader<string> = (value, path) => {
  const user = typeof value === 'string' ? parseUserId(value) : undefined;
  if (user === undefined) throw refuse(path, "is not a user's name");
  return user;
};
const readTrue: Reader<true> = (value, path) => {
  if (!readBoolean(value, path)) throw refuse(path, 'is left out when it is not true');
  return true;
};
const readHash: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw refuse(path, 'is not a SHA-256 in hexadecimal');
  return value;
};
const readSpaceId: Reader<SpaceId> = (value, path) => {
  if (typeof value !== 'string' || !/^[A-Za-z0-9]{4,64}$/.test(value)) throw refuse(path, 'is not the id of a Space');
  return value as SpaceId;
};
/** One that was there before the service. */
const readContainer: Reader<string> = (value, path) => {
  const name = readString(value, path);
  checkContainerName(name);
  return name;
};
/** Whoever may write a backup's lines is not to reach, by a node, what lies in a container of the service. */
const readKey: Reader<string> = (value, path) => {
  const key = readToken(value, path);
  if (!key.startsWith(ADOPTED_KEYS)) return key;
  const adopted = readAdoptedKey(key);
  if (!adopted) throw refuse(path, 'is not the key of an adopted object');
  checkContainerName(adopted.container);
  return key;
};
const readGroups: Reader<readonly string[]> = (value, path) => readList(value, path, readToken);

const text = (line: JsonObject, member: string): string => required(line, '$', member, readText);
const count = (line: JsonObject, member: string): number => required(line, '$', member, readCount);

const READERS: { readonly [K in Kind]: (line: JsonObject) => Line<K> } = {
  backup: (line) => {
    readObject(line, '$', ['kind', 'format', 'id', 'time', 'authority', 'store']);
    return {
      kind: 'backup',
      format: count(line, 'format'),
      id: required(line, '$', 'id', readToken),
      time: text(line, 'time'),
      authority: text(line, 'authority'),
      store: text(line, 'store'),
    };
  },
  user: (line) => {
    readObject(line, '$', ['kind', 'id', 'created', 'disabled', 'issuer', 'home']);
    const times = { ...optional(line, '$', 'disabled', readCount), ...optional(line, '$', 'home', readCount) };
    return {
      kind: 'user',
      id: required(line, '$', 'id', readUser),
      created: count(line, 'created'),
      ...times,
      ...optional(line, '$', 'issuer', readText),
    };
  },
  password: (line) => {
    readObject(line, '$', ['kind', 'pwid', 'user', 'hash', 'label', 'created', 'used']);
    const hash = required(line, '$', 'hash', readHash);
    return {
      kind: 'password',
      pwid: required(line, '$', 'pwid', readToken),
      user: required(line, '$', 'user', readUser),
      hash,
      label: text(line, 'label'),
      created: count(line, 'created'),
      ...optional(line, '$', 'used', readCount),
    };
  },
  group: (line) => {
    readObject(line, '$', ['kind', 'name', 'owner', 'created', 'deleted']);
    return {
      kind: 'group',
      name: required(line, '$', 'name', readToken),
      created: count(line, 'created'),
      ...optional(line, '$', 'owner', readText),
      ...optional(line, '$', 'deleted', readCount),
    };
  },
  member: (line) => {
    readObject(line, '$', ['kind', 'group', 'user']);
    return { kind: 'member', group: required(line, '$', 'group', readToken), user: required(line, '$', 'user', readUser) };
  },
  share: (line) => {
    readObject(line, '$', ['kind', 'id', 'user', 'hash', 'space', 'node', 'uri', 'created', 'expires']);
    return {
      kind: 'share',
      id: required(line, '$', 'id', readToken),
      user: required(line, '$', 'user', readUser),
      hash: required(line, '$', 'hash', readHash),
      space: required(line, '$', 'space', readSpaceId),
      node: count(line, 'node'),
      uri: text(line, 'uri'),
      created: count(line, 'created'),
      expires: count(line, 'expires'),
    };
  },
  space: (line) => {
    readObject(line, '$', ['kind', 'id', 'name', 'container', 'epoch']);
    const id = required(line, '$', 'id', readSpaceId);
    return {
      kind: 'space',
      id,
      name: id === ROOT ? '' : required(line, '$', 'name', readName),
      container: text(line, 'container'),
      epoch: count(line, 'epoch'),
    };
  },
  adoption: (line) => {
    readObject(line, '$', ['kind', 'container', 'space', 'owned']);
    const space = line['space'] === '' ? '' : required(line, '$', 'space', readSpaceId);
    return {
      kind: 'adoption',
      container: required(line, '$', 'container', readContainer),
      space,
      owned: required(line, '$', 'owned', readBoolean),
    };
  },
  node: (line) => {
    readObject(line, '$', NODE_MEMBERS);
    return { kind: 'node', path: text(line, 'path'), ...readNode(line) };
  },
  'space-end': (line) => {
    readObject(line, '$', ['kind', 'id', 'nodes', 'changes']);
    return { kind: 'space-end', id: required(line, '$', 'id', readSpaceId), nodes: count(line, 'nodes'), changes: count(line, 'changes') };
  },
  end: (line) => {
    readObject(line, '$', ['kind', 'lines', 'spaces', 'nodes']);
    return { kind: 'end', lines: count(line, 'lines'), spaces: count(line, 'spaces'), nodes: count(line, 'nodes') };
  },
};

const NODE_MEMBERS: readonly string[] = [
  'kind',
  'path',
  'id',
  'parent',
  'name',
  'type',
  'owner',
  'public',
  'inherit',
  'groupRead',
  'groupWrite',
  'immutable',
  'locked',
  'target',
  'created',
  'dataChanged',
  'changed',
  'properties',
  'quota',
  'object',
];

function readNode(line: JsonObject): NodeRecord {
  const type = text(line, 'type');
  if (!isNodeType(type)) throw refuse('$.type', 'is not a type of nodes');
  const parent = line['parent'] === null ? null : count(line, 'parent');
  const id = count(line, 'id');
  if ((parent === null) !== (id === 1)) throw refuse('$.parent', 'is null for the node with id 1, and only for that');
  return {
    id,
    parent,
    // The name of a Space's root is that of its line.
    name: parent === null ? text(line, 'name') : required(line, '$', 'name', readName),
    type,
    owner: text(line, 'owner'),
    ...optional(line, '$', 'public', readTrue),
    ...optional(line, '$', 'inherit', readTrue),
    ...optional(line, '$', 'groupRead', readGroups),
    ...optional(line, '$', 'groupWrite', readGroups),
    ...optional(line, '$', 'immutable', readTrue),
    ...optional(line, '$', 'locked', readTrue),
    ...optional(line, '$', 'target', readText),
    created: count(line, 'created'),
    dataChanged: count(line, 'dataChanged'),
    changed: count(line, 'changed'),
    ...optional(line, '$', 'properties', readProperties),
    ...optional(line, '$', 'quota', readCount),
    ...optional(line, '$', 'object', readObjectReference),
  };
}

const readProperties: Reader<Readonly<Record<string, string>>> = (value, path) =>
  Object.fromEntries(
    Object.entries(readRecord(value, path)).map(([uri, content]) => [uri, readString(content, `${path}.${uri.slice(0, 200)}`)]),
  );

const readObjectReference: Reader<NonNullable<NodeRecord['object']>> = (value, path) => {
  const object = readObject(value, path, ['key', 'source', 'home', 'owned', 'size', 'md5', 'generation']);
  return {
    key: required(object, path, 'key', readKey),
    size: required(object, path, 'size', readCount),
    generation: required(object, path, 'generation', readCount),
    ...optional(object, path, 'source', readToken),
    ...optional(object, path, 'home', readSpaceId),
    ...optional(object, path, 'owned', readTrue),
    ...optional(object, path, 'md5', readToken),
  };
};
