// One file on its way: where it goes, how far it is, and what the browser keeps of it for the time after a reload.
import { childOf, uriOf, type Place } from '../app/place.ts';
import type { Trouble } from '../app/trouble.ts';
import type { Source } from './found.ts';
import { Rate } from './rate.ts';

/**
 * `queued`: not negotiated yet. `asking`: something of its name is there. `ready`: negotiated. `finishing`: its bytes are in the store, and the
 * service is to take them over. `waiting`: the page was loaded anew, and has no file for it.
 */
export type State = 'queued' | 'asking' | 'ready' | 'sending' | 'finishing' | 'paused' | 'waiting' | 'failed' | 'skipped' | 'done';

/** What to do where something of the same name is there. */
export type Choice = 'skip' | 'replace' | 'keep';

/** As it lies in IndexedDB. */
export interface Kept {
  readonly key: string;
  /** Whose it is: the VOSpace and the user there. */
  readonly owner: string;
  /** The page that is at it, while that is open. */
  readonly tab: string;
  /** Where the user let it fall. */
  readonly target: Place;
  /** Names below the target; the last one is the file's as it was chosen. */
  readonly path: readonly string[];
  /** The node's name. */
  readonly name: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly type: string;
  readonly mode: 'new' | 'replace';
  /** The id at the service. */
  readonly upload?: string | undefined;
  readonly partSize?: number | undefined;
  readonly partCount?: number | undefined;
  /** MD5s of parts that are in the store, by their numbers. */
  readonly md5s: ReadonlyMap<number, string>;
  readonly source?: Source | undefined;
}

export interface Item {
  readonly key: string;
  owner: string;
  target: Place;
  path: readonly string[];
  name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly type: string;
  mode: 'new' | 'replace';
  readonly md5s: Map<number, string>;
  readonly source: Source | undefined;
  /** What was added together is asked about together. */
  readonly batch: number;
  state: State;
  file: File | undefined;
  upload: { readonly id: string; readonly partSize?: number | undefined; readonly partCount?: number | undefined } | undefined;
  /** Bytes in the store, or on their way there. */
  sent: number;
  /** Bytes that went over the network, in vain too. */
  gone: number;
  rate: Rate;
  trouble: Trouble | undefined;
  stop: AbortController | undefined;
}

export type NewItem = Pick<Item, 'owner' | 'target' | 'path' | 'batch' | 'source'> & { readonly file: File };

export function makeItem({ file, ...given }: NewItem): Item {
  return {
    ...given,
    key: crypto.randomUUID === undefined ? `${Date.now()}-${Math.random()}` : crypto.randomUUID(),
    name: file.name,
    size: file.size,
    lastModified: file.lastModified,
    type: file.type || 'application/octet-stream',
    mode: 'new',
    md5s: new Map(),
    state: 'queued',
    file,
    ...FRESH,
    rate: new Rate(),
  };
}

const FRESH = { upload: undefined, sent: 0, gone: 0, trouble: undefined, stop: undefined } as const;

/** What was kept, without its file. */
export function itemOf(kept: Kept, batch: number): Item {
  const { upload: id, partSize, partCount, tab: _tab, md5s, source, ...same } = kept;
  return {
    ...same,
    ...FRESH,
    source,
    md5s: new Map(md5s),
    batch,
    state: 'waiting',
    file: undefined,
    upload: id === undefined ? undefined : { id, partSize, partCount },
    sent: sentOf(kept),
    rate: new Rate(),
  };
}

export function keptOf(item: Item, tab: string): Kept {
  const { key, owner, target, path, name, size, lastModified, type, mode, upload, md5s, source } = item;
  const { id, partSize, partCount } = upload ?? {};
  return {
    key,
    owner,
    tab,
    target,
    path,
    name,
    size,
    lastModified,
    type,
    mode,
    upload: id,
    partSize,
    partCount,
    md5s: new Map(md5s),
    source,
  };
}

function sentOf({ md5s, partSize = 0, partCount = 0, size }: Kept): number {
  let sum = 0;
  for (const number of md5s.keys()) sum += number === partCount ? size - partSize * (partCount - 1) : partSize;
  return sum;
}

export function containerOf({ target, path }: Pick<Item, 'target' | 'path'>): Place {
  return { authority: target.authority, path: [target.path, ...path.slice(0, -1)].join('/') };
}

export function placeOfItem(item: Item): Place {
  return childOf(containerOf(item), item.name);
}

export function uriOfItem(item: Item): string {
  return uriOf(placeOfItem(item));
}

/** Nothing more is to be done, but perhaps by the user. */
export function isOver({ state }: Item): boolean {
  return state === 'done' || state === 'skipped';
}

/** Going on, without anybody doing anything. */
export function isActive({ state }: Item): boolean {
  return state === 'queued' || state === 'ready' || state === 'sending' || state === 'finishing';
}
