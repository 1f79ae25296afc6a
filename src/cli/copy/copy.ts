// One source to its place, by the way that its two ends ask for.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasBytes } from '../../model/node.ts';
import { isSameSpace } from '../account/known.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import { copyBetween } from './between-spaces.ts';
import { walkFor, type Copying, type NodePlace } from './copying.ts';
import { download } from './download.ts';
import { tellNodes, tellUploads } from './dry.ts';
import type { LocalEnd, NodeEnd } from './ends.ts';
import type { Entry, NodeFile } from './entry.ts';
import { filterOf, meant, type Filter } from './filter.ts';
import { Staging } from './staging.ts';
import { upload } from './upload.ts';
import { localFile } from './local-file.ts';
import { walkLocal, type Walk } from './walk-local.ts';
import { nodeFile } from './node-file.ts';
import { walkNodes } from './walk-nodes.ts';
import { copyWithin } from './within-space.ts';

/** Where something goes to, under its own name. */
export type Place = { readonly at: 'here'; readonly path: string } | ({ readonly at: 'space' } & NodePlace);

export interface Choice {
  /** Of a tree. */
  readonly filter: Filter;
  /** Only told. */
  readonly dry: boolean;
}

const ALL: Choice = { filter: filterOf([], []), dry: false };

export async function copyOne(source: LocalEnd | NodeEnd, place: Place, copying: Copying, { filter, dry }: Choice = ALL): Promise<void> {
  const { signal } = copying;
  const walk = walkFor(copying);
  if (source.at === 'here') {
    if (place.at === 'here')
      throw new Trouble('neither of the two is a node of a VOSpace', {
        exit: EXIT.usage,
        advice: 'cp of this computer copies files here.',
      });
    const entries =
      source.kind === 'folder'
        ? meant(walkLocal(source.path, { ...walk, disks: copying.disks }), filter)
        : only(localFile(statSync(source.path), source.path));
    if (dry) return tellUploads(entries, place, copying);
    return upload(entries, place, copying);
  }
  const entries = meant(entriesOf(source, walk), filter);
  if (dry) return tellNodes(entries, place, copying);
  if (place.at === 'space') {
    const from = { space: source.space, where: source.where };
    if (await isSameSpace(source.space, place.space, signal)) {
      refuseInto(source, place);
      if (source.node && filter.isEmpty) return copyWithin(from, source.node, place, copying);
    }
    return copyBetween(entries, from, place, copying);
  }
  const staging = new Staging(source.kind === 'folder' ? place.path : dirname(place.path), copying.journal);
  try {
    const to = { path: place.path, staging };
    const from = { space: source.space, authority: source.target.authority };
    await download(entries, from, to, copying);
  } finally {
    staging.close();
  }
}

function entriesOf({ text, space, where, kind, node }: NodeEnd, walk: Walk): AsyncGenerator<Entry<NodeFile>, void, undefined> {
  if (kind === 'folder') return walkNodes(space, where, walk);
  if (node && !hasBytes(node.type) && node.type !== 'LinkNode') throw new Trouble(`${text} is a node without bytes`);
  return only(nodeFile(node ?? { type: 'DataNode', properties: [] }, where));
}

async function* only<T>(one: T): AsyncGenerator<T, void, undefined> {
  yield await Promise.resolve(one);
}

function refuseInto({ where, text }: NodeEnd, place: NodePlace): void {
  const isInside = where.every((name, i) => place.where[i] === name);
  if (!isInside) return;
  const same = where.length === place.where.length;
  throw new Trouble(same ? `${text} is its own target` : `${text} cannot be copied into itself`, { exit: EXIT.usage });
}
