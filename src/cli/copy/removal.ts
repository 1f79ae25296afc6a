// What the target of a sync has and its source has not: removed, the contents of a folder before it where some of them stay.
import { rmdirSync, rmSync } from 'node:fs';
import { failed, type Copying, type NodePlace } from './copying.ts';
import type { Place } from './copy.ts';
import type { LocalEnd, NodeEnd } from './ends.ts';
import { LEFT_OUT, meant, type Filter } from './filter.ts';
import { LocalNames, localPath } from './local-names.ts';
import { isNotThere, nodeAt } from '../nodes/look.ts';
import { batches } from './slots.ts';
import { nameAt } from './there.ts';
import { checkDisks } from './disks.ts';
import { walkLocal, type Walk } from './walk-local.ts';
import { walkNodes } from './walk-nodes.ts';
import { isPlace } from '../../client/place.ts';
import { findMany } from '../../client/uploads.ts';

export interface Removing {
  readonly source: LocalEnd | NodeEnd;
  readonly place: Place;
  readonly filter: Filter;
  /** Only told. */
  readonly dry: boolean;
  readonly walk: Walk;
}

interface Item {
  readonly kind: 'file' | 'folder';
  readonly names: readonly string[];
  failed?: Error | undefined;
  /** Of this computer, and not followed. */
  readonly isLink?: boolean;
}

export async function removeOthers({ source, place, filter, dry, walk }: Removing, copying: Copying): Promise<void> {
  const { signal } = copying;
  const all = place.at === 'here' ? walkLocal(place.path, walk, false) : walkNodes(place.space, place.where, walk);
  const others = meant<Item & { readonly kind: 'file' }>(all, filter);
  const goneOf = lookIn(source, filter, copying);
  const emptied: Item[] = [];
  // One by one where folders are to be told whether to be gone into.
  for await (const batch of batches(others, source.at === 'here' ? 1 : 200)) {
    signal.throwIfAborted();
    const gone = await goneOf(batch);
    for (const item of gone) {
      if (item.names.length === 0) continue;
      // Of a folder in which something may stay only the rest goes.
      if (item.kind === 'folder' && !filter.isEmpty) emptied.push(item);
      else {
        if (item.kind === 'folder') item.failed = LEFT_OUT;
        await remove(item, place, { dry, empty: false }, copying);
      }
    }
  }
  for (const item of emptied.toReversed()) await remove(item, place, { dry, empty: true }, copying);
}

/** How it is found out which of some items the source does not have. */
function lookIn(source: LocalEnd | NodeEnd, filter: Filter, copying: Copying): (items: readonly Item[]) => Promise<readonly Item[]> {
  if (source.at === 'space') return (items) => missing(items, source, filter, copying.signal);
  const here = new LocalNames(source.path);
  return async (items) => {
    checkDisks(copying.disks);
    return items.filter((item) => isMissing(item, here, copying));
  };
}

/** Whether this computer has nothing of that name, or a file instead of the folder. What lies behind a link that leads nowhere is not missing. */
function isMissing({ names, kind, isLink }: Item, here: LocalNames, copying: Copying): boolean {
  try {
    const found = here.find(names);
    if (found === 'hidden') return false;
    return found === 'nothing' || (found.isDirectory() !== (kind === 'folder') && !isLink);
  } catch (thrown) {
    failed(copying, names.join('/'), thrown);
    return false;
  }
}

/** Those that the source does not have, as a file or as a folder. */
async function missing(items: readonly Item[], source: NodeEnd, filter: Filter, signal: AbortSignal): Promise<readonly Item[]> {
  const gone: Item[] = [];
  const whereOf = ({ names }: Item): readonly string[] => [...source.where, ...names];
  const files = items.filter((item) => item.kind === 'file' && isPlace(whereOf(item)));
  const wheres = files.map(whereOf);
  const found = source.space.session.codec.ours ? await findMany(source.space, wheres, { signal }) : [];
  const there = new Set(files.filter((_, i) => found[i] !== undefined && !('error' in found[i])));
  for (const item of items) {
    if (there.has(item)) continue;
    if (gone.some(({ kind, names }) => kind === 'folder' && names.every((name, i) => item.names[i] === name))) {
      // It goes with the folder, unless something in that may stay.
      if (!filter.isEmpty) gone.push(item);
      continue;
    }
    const where = whereOf(item);
    const node = isPlace(where) ? await nodeAt({ space: source.space, where }, signal) : undefined;
    if (node === undefined || ((node.type === 'ContainerNode') !== (item.kind === 'folder') && !item.isLink)) gone.push(item);
  }
  // Where the source itself is gone, all that was in it seems to be missing.
  if (gone.length > 0) await source.space.nodes.get(source.where, { limit: 0, detail: 'min', signal });
  return gone;
}

/** `empty`: only where nothing is in it. */
async function remove(
  { names, kind }: Item,
  place: Place,
  { dry, empty }: { readonly dry: boolean; readonly empty: boolean },
  copying: Copying,
): Promise<void> {
  const { report, signal } = copying;
  const name = place.at === 'here' ? localPath(place.path, names) : nameAt(place, names);
  try {
    if (dry) return report.settled('wouldRemove', name);
    if (place.at === 'here' && empty) rmdirSync(name);
    else if (place.at === 'here') rmSync(name, { recursive: kind === 'folder', force: true });
    else if (empty && !(await isEmpty(place, names, signal))) return undefined;
    else await removeNode({ space: place.space, where: [...place.where, ...names] }, kind, signal);
    return report.settled('removed', name);
  } catch (thrown) {
    if (empty && (thrown as NodeJS.ErrnoException).code === 'ENOTEMPTY') return undefined;
    return failed(copying, name, thrown);
  }
}

async function removeNode({ space, where }: NodePlace, kind: Item['kind'], signal: AbortSignal): Promise<void> {
  try {
    await (kind === 'folder' ? space.trees.delete(where, { signal }) : space.nodes.delete(where, { signal }));
  } catch (thrown) {
    // Somebody else was quicker.
    if (!isNotThere(thrown)) throw thrown;
  }
}

async function isEmpty({ space, where }: NodePlace, names: readonly string[], signal: AbortSignal): Promise<boolean> {
  return (await space.nodes.get([...where, ...names], { limit: 1, detail: 'min', signal })).children.length === 0;
}
