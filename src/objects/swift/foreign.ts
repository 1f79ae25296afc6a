// Containers of the Swift account that the service did not make: their listing, their objects, and a temp URL key in a place of its own.
import { Fault } from '../../faults.ts';
import type { ForeignObject, ForeignObjects } from '../foreign-port.ts';
import type { ByteRange, ObjectKey, StoreContainer } from '../port.ts';
import { quotePath } from '../temp-url.ts';
import type { SwiftClient } from './client.ts';
import { PAGE } from './containers.ts';
import { objectPath, unexpected, unquote } from './objects.ts';
import { inParallel } from './parallel.ts';

/** Keys of so many epochs are recognised as the service's own. */
const EPOCHS = 10;
/** A page ends before it needs more requests than these: a Worker has a limited number of them. */
const LOOKS = 200;
const PLACES = ['X-Container-Meta-Temp-URL-Key', 'X-Container-Meta-Temp-URL-Key-2'] as const;
const FOLDER = /^application\/directory\b/;

interface Row {
  readonly name: string;
  readonly bytes: number;
  readonly hash: string;
  readonly content_type: string;
  readonly last_modified: string;
  readonly slo_etag?: string;
  readonly symlink_path?: string;
}

type KeyOf = (container: StoreContainer, epoch: number) => Promise<string>;

/** `keyOf`: the temp URL key of a container in an epoch. */
export function makeForeign(client: SwiftClient, keyOf: KeyOf): ForeignObjects {
  const head = (container: string, key: ObjectKey) => headForeign(client, container, key);
  return {
    open: (container, replaces) => openContainer(client, container, keyOf, replaces),
    close: (container) => closeContainer(client, container, keyOf),
    async holds(container) {
      const held = await readKeys(client, container.name);
      return held?.includes(await keyOf(container, container.epoch));
    },
    async list(container, after) {
      const query = new URLSearchParams({ format: 'json', limit: String(PAGE), marker: after });
      const answer = await client.send({ method: 'GET', path: pathOf(container), query: String(query) });
      if (!answer.ok) await answer.body?.cancel();
      if (answer.status === 404) throw missing(container);
      if (!answer.ok) throw unexpected('GET container', answer.status);
      const rows = ((await answer.json()) as readonly Row[]).map(readRow);
      // A listing tells nothing of the length of a manifest that names its segments by their prefix.
      const isUnclear = ({ size, form }: ForeignObject): boolean => size === 0 && form === 'bytes';
      const enough = rows.filter(isUnclear)[LOOKS];
      const objects = enough ? rows.slice(0, rows.indexOf(enough)) : rows;
      const unclear = objects.filter(isUnclear);
      const found = new Map<ObjectKey, ForeignObject>();
      await inParallel(unclear, async ({ key }) => {
        const known = await head(container, key);
        if (known) found.set(key, known);
      });
      const last = objects.at(-1);
      return { objects: objects.map((object) => found.get(object.key) ?? object), ...(last ? { next: last.key } : {}) };
    },
    head,
    get: (container, key, range) => getForeign(client, container, key, range),
    address: async (container, key) => (await client.account()) + objectPath({ name: container, epoch: 0 }, key),
  };
}

function pathOf(container: string): string {
  return `/${quotePath(container)}`;
}

function missing(container: string): Fault {
  return new Fault('NotFound', `the store has no container ${JSON.stringify(container)}`);
}

function readRow(row: Row): ForeignObject {
  const isFolder = row.bytes === 0 && (FOLDER.test(row.content_type) || row.name.endsWith('/'));
  const form = row.symlink_path !== undefined ? 'link' : isFolder ? 'folder' : row.slo_etag === undefined ? 'bytes' : 'manifest';
  return {
    key: row.name as ObjectKey,
    size: row.bytes,
    md5: form === 'bytes' ? row.hash : undefined,
    type: row.content_type,
    // Swift leaves the zone out: it is UTC.
    modified: Date.parse(`${row.last_modified}Z`),
    form,
  };
}

async function headForeign(client: SwiftClient, container: string, key: ObjectKey): Promise<ForeignObject | undefined> {
  const path = objectPath({ name: container, epoch: 0 }, key);
  const answer = await client.send({ method: 'HEAD', path, query: 'symlink=get', headers: { 'X-Newest': 'true' } });
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw unexpected('HEAD', answer.status);
  const { headers } = answer;
  const form = formOf(container, headers);
  const stamp = Number(headers.get('X-Timestamp') ?? Number.NaN);
  return {
    key,
    size: Number(headers.get('Content-Length') ?? 0),
    md5: form === 'bytes' ? unquote(headers.get('Etag') ?? '') : undefined,
    type: headers.get('Content-Type') ?? undefined,
    // As a listing has it: cut off, not rounded.
    modified: Number.isNaN(stamp) ? Date.parse(headers.get('Last-Modified') ?? '') : Math.floor(Math.round(stamp * 100_000) / 100),
    form,
  };
}

/**
 * Swift checks who may read the segments of a static manifest when it is written, but those of a link or a dynamic manifest only when it is
 * read, and then it is the service that reads: they lead no further than the container, and the one in which clients put its segments.
 */
function formOf(container: string, headers: Headers): ForeignObject['form'] {
  if (headers.has('X-Symlink-Target')) return 'link';
  const manifest = headers.get('X-Object-Manifest');
  if (manifest === null) return headers.has('X-Static-Large-Object') ? 'manifest' : 'bytes';
  const named = decode(manifest).split('/')[0] ?? '';
  return [container, `${container}_segments`, `${container}+segments`].includes(named) ? 'manifest' : 'link';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function getForeign(
  client: SwiftClient,
  container: string,
  key: ObjectKey,
  range: ByteRange | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await client.send({
    method: 'GET',
    path: objectPath({ name: container, epoch: 0 }, key),
    query: 'symlink=get',
    headers: range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` },
  });
  const isLink = answer.ok && formOf(container, answer.headers) === 'link';
  if (answer.ok && !isLink && answer.body) return answer.body;
  await answer.body?.cancel();
  if (isLink) throw new Fault('PermissionDenied', 'the object leads to others of the account');
  if (answer.ok) return new Blob([]).stream();
  if (answer.status === 404) throw new Fault('NotFound', 'no such object');
  if (answer.status === 416) throw new Fault('RangeNotSatisfiable', 'the range lies outside the object');
  if (answer.status === 409) throw new Fault('NotFound', 'a segment of the object is gone or has changed');
  throw unexpected('GET', answer.status);
}

/** In both places, '' where there is none; undefined: there is no such container. */
async function readKeys(client: SwiftClient, name: string): Promise<readonly string[] | undefined> {
  const answer = await client.send({ method: 'HEAD', path: pathOf(name) });
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw unexpected('HEAD container', answer.status);
  return PLACES.map((place) => answer.headers.get(place) ?? '');
}

async function openContainer(client: SwiftClient, container: StoreContainer, keyOf: KeyOf, replaces: boolean): Promise<void> {
  const { name } = container;
  const held = await readKeys(client, name);
  if (!held) throw missing(name);
  const [current = '', previous, ...earlier] = await ownKeys(container, keyOf);
  if (held.includes(current)) return;
  // The key before stays good for the URLs that it has signed, where there is room for both.
  const free = (key: string): boolean => key === '' || earlier.includes(key);
  const place = held.findIndex(free) >= 0 ? held.findIndex(free) : previous === undefined ? -1 : held.indexOf(previous);
  if (place < 0 && !replaces)
    throw new Fault(
      'Conflict',
      `both temp URL keys of container ${JSON.stringify(name)} are somebody else's: say "keys": "replace" to have the second one replaced`,
    );
  const changed = await client.send({
    method: 'POST',
    path: pathOf(name),
    headers: { [PLACES[place] ?? PLACES[1]]: current },
    body: '',
  });
  await changed.body?.cancel();
  if (changed.status === 404) throw missing(name);
  if (!changed.ok) throw unexpected('POST container', changed.status);
}

async function closeContainer(client: SwiftClient, container: StoreContainer, keyOf: KeyOf): Promise<void> {
  const held = await readKeys(client, container.name);
  const own = await ownKeys(container, keyOf);
  const taken = PLACES.filter((_, i) => own.includes(held?.[i] ?? ''));
  if (taken.length === 0) return;
  // An empty value removes an entry of the metadata.
  const headers = Object.fromEntries(taken.map((place) => [place, '']));
  const changed = await client.send({ method: 'POST', path: pathOf(container.name), headers, body: '' });
  await changed.body?.cancel();
  if (!changed.ok && changed.status !== 404) throw unexpected('POST container', changed.status);
}

/** Those of the container's epoch and of the ones before it, the last first. */
function ownKeys(container: StoreContainer, keyOf: KeyOf): Promise<readonly string[]> {
  const { epoch } = container;
  const epochs = Array.from({ length: Math.min(EPOCHS, epoch) }, (_, i) => epoch - i);
  return Promise.all(epochs.map((one) => keyOf(container, one)));
}
