// Before files are sent: folders are made, and what is there under the same names is found, so that the user is asked once for all.
import { VospaceError } from '../../client/error.ts';
import { findMany } from '../../client/uploads.ts';
import { uriOf, type Place } from '../app/place.ts';
import { nodes, session } from '../app/spaces.ts';
import { problemWithName } from '../app/node-names.ts';
import { isTaken } from '../app/taken.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { isMissing, suspect } from './gone.ts';
import { containerOf, placeOfItem, uriOfItem, type Item } from './item.ts';
import { touched } from './items.ts';
import { keep } from './kept.ts';
import { hasChanged } from './news.ts';
import { enqueue, leaveQueue } from './queue.ts';
import { eachOf } from '../kit/each-of.ts';

const AT_ONCE = 6;

/** A folder below a target. */
export interface Folder {
  readonly target: Place;
  readonly path: readonly string[];
}

/** Items of one VOSpace, which are queued or asked about afterwards. `folders`: those to be there even if nothing is in them. */
export async function prepare(items: readonly Item[], folders: readonly Folder[]): Promise<void> {
  const sound = items.filter(isNamed);
  try {
    const { made, failed } = await makeFolders(sound, folders);
    for (const item of sound) {
      const thrown = failed.get(uriOf(containerOf(item)));
      if (thrown === undefined) continue;
      fail(item, troubleOf(thrown));
      if (isMissing(thrown)) suspect(item, leaveQueue);
    }
    const open = sound.filter(
      (item) => item.state === 'queued' && item.mode === 'new' && !item.upload && !made.has(uriOf(containerOf(item))),
    );
    const there = new Set(await findThere(open));
    for (const item of there) if (item.state === 'queued') item.state = 'asking';
    keep(...there);
    enqueue(sound.filter((item) => !there.has(item) && item.state === 'queued'));
  } catch (thrown) {
    for (const item of sound) fail(item, troubleOf(thrown));
  }
  touched();
}

function fail(item: Item, trouble: Trouble): void {
  if (item.state !== 'queued') return;
  [item.state, item.trouble] = ['failed', trouble];
  keep(item);
}

/** Computers know names that no node can have. */
function isNamed(item: Item): boolean {
  const problem = item.path.map(problemWithName).find((text) => text !== undefined);
  if (problem !== undefined) fail(item, { name: 'InvalidURI', text: problem, advice: undefined });
  return problem === undefined;
}

/** Those of the items under whose names there are bytes. */
export async function findThere(items: readonly Item[]): Promise<readonly Item[]> {
  const [first] = items;
  if (!first) return [];
  const at = await session(first.target.authority);
  if (at.codec.ours) {
    const found = await findMany({ session: at }, items.map(uriOfItem));
    return items.filter((_, index) => 'size' in (found[index] ?? {}));
  }
  const found = await eachOf(items, AT_ONCE, async (item) => {
    return (await isTaken(placeOfItem(item))) ? [item] : [];
  });
  return found.flat();
}

interface Made {
  /** URIs of those that were not there before. */
  readonly made: ReadonlySet<string>;
  /** Why others could not be made. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** From the top down. */
async function makeFolders(items: readonly Item[], folders: readonly Folder[]): Promise<Made> {
  const wanted = new Map<string, Folder>();
  const want = (target: Place, path: readonly string[]): void => {
    for (let depth = path.length; depth > 0; depth--) {
      const folder = { target, path: path.slice(0, depth) };
      const uri = uriOfFolder(folder);
      if (wanted.has(uri)) return;
      wanted.set(uri, folder);
    }
  };
  for (const { target, path } of items) want(target, path.slice(0, -1));
  for (const { target, path } of folders) want(target, path);
  const made = new Set<string>();
  const failed = new Map<string, unknown>();
  const levels = Map.groupBy(wanted, ([, { path }]) => path.length);
  for (const depth of Array.from(levels.keys()).toSorted((a, b) => a - b))
    await eachOf(levels.get(depth) ?? [], AT_ONCE, async ([uri, folder]) => {
      try {
        if (await makeFolder(uri, folder)) made.add(uri);
      } catch (thrown) {
        failed.set(uri, thrown);
      }
    });
  return { made, failed };
}

/** False: it is there already. */
async function makeFolder(uri: string, folder: Folder): Promise<boolean> {
  try {
    await (await nodes(folder.target.authority)).create(uri, { type: 'ContainerNode' });
    hasChanged(folder);
    return true;
  } catch (thrown) {
    if (thrown instanceof VospaceError && thrown.fault === 'DuplicateNode') return false;
    throw thrown;
  }
}

function uriOfFolder({ target, path }: Folder): string {
  return uriOf({ authority: target.authority, path: [target.path, ...path].join('/') });
}
