// What a node's document says of it, as commands show it.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { DATE, GROUP_READ, GROUP_WRITE, IS_PUBLIC, LENGTH, PUBLIC_READ } from '../../model/property.ts';

/** The last name of a vos:// URI, in plain text. */
export function nameOf({ uri }: Pick<NodeDocument, 'uri'>): string {
  const name = uri.replace(/\/$/, '').split('/').slice(3).at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Bytes; of a container those of all that is in it, where the service says so. */
export function sizeOf(node: NodeDocument): number | undefined {
  const text = valueIn(node, LENGTH)?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Of the last change: epoch milliseconds. Services write UTC without a zone. */
export function dateOf(node: NodeDocument): number | undefined {
  return readTime(valueIn(node, DATE));
}

export function readTime(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const time = Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(trimmed) ? trimmed : `${trimmed}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** As `ls -l` has it: type, owner, groups, everybody. */
export function accessOf(node: NodeDocument): string {
  const [reads, writes] = [valueIn(node, GROUP_READ)?.trim() ?? '', valueIn(node, GROUP_WRITE)?.trim() ?? ''];
  const isPublic = ['true', '1'].includes((valueIn(node, PUBLIC_READ) ?? valueIn(node, IS_PUBLIC))?.trim().toLowerCase() ?? '');
  const groups = `${reads !== '' || writes !== '' ? 'r' : '-'}${writes === '' ? '-' : 'w'}`;
  return `${TYPE_LETTERS[node.type] ?? '-'}rw${groups}${isPublic ? 'r' : '-'}-`;
}

const TYPE_LETTERS: Readonly<Partial<Record<NodeDocument['type'], string>>> = { ContainerNode: 'd', LinkNode: 'l' };

const TYPE_WORDS = {
  ContainerNode: 'container',
  DataNode: 'data node',
  UnstructuredDataNode: 'unstructured data node',
  StructuredDataNode: 'structured data node',
  LinkNode: 'link',
  Node: 'node without data',
} as const satisfies Record<NodeDocument['type'], string>;

export function typeWord({ type }: Pick<NodeDocument, 'type'>): string {
  return TYPE_WORDS[type];
}

/** A slash after containers. */
export function mark({ type }: Pick<NodeDocument, 'type'>): string {
  return type === 'ContainerNode' ? '/' : '';
}
