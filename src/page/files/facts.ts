// What a row says of a node.
import { hasBytes, type NodeDocument } from '../../model/node.ts';
import type { IconName } from '../kit/icon.tsx';

const CORE = 'ivo://ivoa.net/vospace/core#';

export interface Facts {
  readonly kind: 'folder' | 'link' | 'file';
  readonly icon: IconName;
  /** In words: Folder, Link, or the media type. */
  readonly type: string;
  readonly size: number | undefined;
  /** As the node has it; absent where the service does not say. */
  readonly modified: string | undefined;
  readonly access: 'Public' | 'Shared' | 'Private' | undefined;
  readonly locked: boolean;
  /** An upload is under way. */
  readonly pending: boolean;
}

const known = new WeakMap<NodeDocument, Facts>();

export function factsOf(node: NodeDocument): Facts {
  const facts = known.get(node) ?? readFacts(node);
  known.set(node, facts);
  return facts;
}

function readFacts({ type, properties, busy = false }: NodeDocument): Facts {
  const values = new Map(properties.map(({ uri, value }) => [uri, value]));
  const value = (name: string): string | undefined => values.get(CORE + name);
  const kind = type === 'ContainerNode' ? 'folder' : type === 'LinkNode' ? 'link' : 'file';
  const given = value('type') ?? value('format');
  return {
    kind,
    icon: kind,
    type: kind === 'folder' ? 'Folder' : kind === 'link' ? 'Link' : (given ?? (hasBytes(type) ? 'File' : 'Node')),
    size: sizeIn(value('length')),
    modified: value('mtime') ?? value('date'),
    access: accessOf(values),
    locked: isSet(values.get('ivo://cadc.nrc.ca/vospace/core#islocked')) || isSet(value('immutable')),
    pending: busy,
  };
}

/** Undefined for what is no number of bytes: other services may say anything. */
function sizeIn(length = ''): number | undefined {
  return /^\s*\d{1,18}\s*$/.test(length) ? Number(length) : undefined;
}

function accessOf(values: ReadonlyMap<string, string>): Facts['access'] {
  const open = values.get(`${CORE}publicread`) ?? values.get(`${CORE}ispublic`);
  if (isSet(open)) return 'Public';
  if (values.get(`${CORE}groupread`) || values.get(`${CORE}groupwrite`)) return 'Shared';
  return open === undefined ? undefined : 'Private';
}

function isSet(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

/** A time of the service: UTC, whether it says so or not. */
export function timeOf(text: string): number {
  return Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}
