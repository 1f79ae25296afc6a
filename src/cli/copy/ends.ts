// The two ends of a copy: what is there under the names that were given.
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Vospace } from '../../client/vospace.ts';
import { namesOf } from '../../client/place.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Spaces } from '../spaces.ts';
import type { NodeTarget, Target } from '../target.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import { nodeAt } from '../nodes/look.ts';
import type { Kind } from './plan.ts';

export interface LocalEnd {
  readonly at: 'here';
  readonly text: string;
  readonly path: string;
  readonly name: string;
  readonly kind: Kind;
  readonly folder: boolean;
  /** A device or a pipe: bytes go through it, and it is never replaced. */
  readonly special: boolean;
}

export interface NodeEnd {
  readonly at: 'space';
  readonly text: string;
  readonly space: Vospace;
  readonly target: NodeTarget;
  /** From the root; of what a link to a container leads to. */
  readonly where: readonly string[];
  readonly name: string;
  readonly kind: Kind;
  readonly folder: boolean;
  /** What is there. */
  readonly node: NodeDocument | undefined;
}

export interface StreamEnd {
  readonly at: 'stream';
  readonly text: string;
}

export type End = LocalEnd | NodeEnd | StreamEnd;

const MAX_LINKS = 16;

export async function endOf(target: Target, spaces: Spaces, signal: AbortSignal): Promise<End> {
  const { text } = target;
  if (target.kind === 'stream') return { at: 'stream', text };
  if (target.kind === 'node') return nodeEnd(target, await spaces.of(target), signal);
  const found = statSync(target.path, { throwIfNoEntry: false });
  const kind: Kind = found === undefined ? 'none' : found.isDirectory() ? 'folder' : 'file';
  // Of `.` and `..` the contents are meant.
  const name = /(^|\/)\.{1,2}\/*$/.test(target.path) ? '' : basename(target.path);
  return {
    at: 'here',
    text,
    path: resolve(target.path),
    name,
    kind,
    folder: target.folder,
    special: found !== undefined && !found.isDirectory() && !found.isFile(),
  };
}

async function nodeEnd(target: NodeTarget, space: Vospace, signal: AbortSignal): Promise<NodeEnd> {
  const { text, folder } = target;
  let where = target.names;
  const name = where.at(-1) ?? '';
  for (let links = 0; ; links++) {
    const node = await nodeAt({ space, where }, signal);
    const end = { at: 'space', text, space, target, name, folder, node } as const;
    if (node?.type !== 'LinkNode')
      return { ...end, where, kind: node === undefined ? 'none' : node.type === 'ContainerNode' ? 'folder' : 'file' };
    const next = await behind(space, node, signal);
    // A link to bytes is written and read through, by the service.
    if (next?.node.type === 'LinkNode' && links < MAX_LINKS) where = next.where;
    else if (next?.node.type === 'ContainerNode') return { ...end, where: next.where, node: next.node, kind: 'folder' };
    else return { ...end, where: target.names, kind: 'file' };
  }
}

async function behind(
  space: Vospace,
  { target = '' }: NodeDocument,
  signal: AbortSignal,
): Promise<{ readonly where: readonly string[]; readonly node: NodeDocument } | undefined> {
  try {
    await space.session.uriOf(target, { signal });
    const where = namesOf(target);
    const node = await nodeAt({ space, where }, signal);
    return node && { where, node };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return undefined;
  }
}

/** Throws Trouble for a source that is not there. */
export function present<E extends LocalEnd | NodeEnd>(end: E): E & { readonly kind: 'file' | 'folder' } {
  if (end.kind === 'none')
    throw new Trouble(`${end.text}: ${end.at === 'here' ? 'there is no such file or folder' : 'there is no such node'}`, {
      exit: EXIT.notFound,
    });
  return end as E & { readonly kind: 'file' | 'folder' };
}
