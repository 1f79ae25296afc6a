// Writes a page of a tree that arrives: below a hidden container, or below the root node of a Space that has no name yet.
import { checkPathBytes, pathBytes } from '../../../model/vos-uri.ts';
import { all, first, run } from '../../sql.ts';
import { internAccess, meta, TOP, type Core } from '../core.ts';
import { addForeign, holdForeign } from './elsewhere.ts';
import { useProperty, writeProperties } from '../nodes/properties.ts';
import * as q from '../queries.ts';
import { setQuota } from '../nodes/quotas.ts';
import type { Page, TravelNode } from './port.ts';
import * as r from './queries.ts';
import { grow } from '../nodes/sizes.ts';

/** What a page refers to, as row ids of this Space. */
interface Known {
  readonly objects: readonly number[];
  readonly access: readonly number[];
  readonly uris: readonly string[];
}

/** Bytes that a page refers to are not here any more: the page has to be read again. */
export function outdated(): Error {
  return Object.assign(new Error('the page is outdated'), { name: 'Outdated' });
}

/** The head of the tree. Its bytes are held already. */
export function receiveHead(core: Core, arrival: r.ArrivalRow, page: Page, due: number): void {
  const node = page.groups[0]?.nodes[0];
  if (node?.id === undefined) throw new Error('a head without its id');
  const known = recognise(core, arrival, page);
  let id = TOP;
  if (arrival.whole === 1) becomeTop(core, arrival, node, known);
  else id = insert(core, arrival, known, [{ parent: arrival.head ?? 0, node }])[0] ?? 0;
  if (node.type === 'ContainerNode') run(core.sql, r.ADD_ARRIVING, arrival.id, id, node.id, arrival.path_bytes);
  run(core.sql, r.SET_ORIGIN, node.id, 1, node.type === 'ContainerNode' ? 0 : node.size, due, arrival.id);
}

/** Children of the containers that `asked` lists, in its order. Throws Outdated, and InvalidArgument where a path would be too long. */
export function receivePage(
  core: Core,
  arrival: r.ArrivalRow,
  asked: readonly { readonly node: number; readonly origin: number; readonly path_bytes: number }[],
  page: Page,
  due: number,
): void {
  const known = recognise(core, arrival, page);
  const placed: { parent: number; node: TravelNode; depth: number }[] = [];
  let bytes = 0;
  let after = '';
  for (const [i, { origin, nodes, last }] of page.groups.entries()) {
    const parent = asked[i];
    if (parent?.origin !== origin) throw new Error('a page of other containers than were asked for');
    let size = 0;
    for (const node of nodes) {
      const depth = parent.path_bytes + 1 + pathBytes([node.name]);
      checkPathBytes(depth, arrival.name);
      placed.push({ parent: parent.node, node, depth });
      if (node.type !== 'ContainerNode') size += node.size;
    }
    grow(core, parent.node, size);
    bytes += size;
    if (last === undefined) run(core.sql, r.DROP_ARRIVING, arrival.id, parent.node);
    else after = last;
  }
  const ids = insert(core, arrival, known, placed);
  for (const [i, { node, depth }] of placed.entries())
    if (node.type === 'ContainerNode') run(core.sql, r.ADD_ARRIVING, arrival.id, ids[i] ?? 0, node.id ?? 0, depth);
  run(core.sql, r.ADVANCE_ARRIVAL, after, placed.length, bytes, due, arrival.id);
}

function recognise(core: Core, arrival: r.ArrivalRow, page: Page): Known {
  const here = meta(core, 'id');
  const idsOf = (keys: readonly string[]) => all(core.sql, r.OBJECTS_BY_KEY, JSON.stringify(keys)).map(({ id, key }) => [key, id] as const);
  const ids = new Map(idsOf(page.objects.map(({ key }) => key)));
  const missing = page.objects.filter(({ key }) => !ids.has(key));
  if (missing.some(({ home }) => home === here)) throw outdated();
  if (missing.length > 0) {
    addForeign(core, missing);
    for (const [key, id] of idsOf(missing.map(({ key }) => key))) ids.set(key, id);
  }
  const objects = page.objects.map(({ key }) => ids.get(key) ?? 0);
  // A copy within this Space is covered by what the Space holds already.
  if (arrival.source !== here)
    holdForeign(
      core,
      arrival.id,
      objects.filter((_, index) => page.objects[index]?.home !== here),
    );
  return { objects, access: page.access.map((access) => internAccess(core, access)), uris: page.uris };
}

/** Ids in the order of the nodes. */
function insert(
  core: Core,
  arrival: r.ArrivalRow,
  known: Known,
  placed: readonly { readonly parent: number; readonly node: TravelNode }[],
): number[] {
  const now = core.clock();
  const rows = placed.map(({ parent, node }) => [
    parent,
    node.name,
    node.type,
    (node.access === undefined ? undefined : known.access[node.access]) ?? arrival.access,
    node.immutable ? 1 : 0,
    node.locked ? 1 : 0,
    node.target ?? null,
    (node.object === undefined ? undefined : known.objects[node.object]) ?? null,
    node.type === 'ContainerNode' ? 0 : node.size,
    node.md5 ?? null,
    node.created ?? now,
    node.dataChanged ?? now,
    node.changed ?? now,
  ]);
  if (rows.length === 0) return [];
  // The table gives the first id, so that none is ever given twice; the others count up from it.
  const base = first(core.sql, r.ADD_NODES, JSON.stringify(rows.slice(0, 1)), null)?.id ?? 0;
  if (rows.length > 1) all(core.sql, r.ADD_NODES, JSON.stringify(rows.slice(1)), base + 1);
  insertProperties(core, known, placed, base);
  for (const [i, { node }] of placed.entries()) if (node.quota !== undefined) run(core.sql, q.SET_QUOTA, base + i, node.quota, 0);
  return placed.map((_, i) => base + i);
}

function insertProperties(core: Core, known: Known, placed: readonly { readonly node: TravelNode }[], base: number): void {
  const uses = new Map<number, number>();
  for (const { node } of placed) for (const [uri] of node.properties ?? []) uses.set(uri, (uses.get(uri) ?? 0) + 1);
  if (uses.size === 0) return;
  const names = new Map(Array.from(uses, ([uri, count]) => [uri, useProperty(core, known.uris[uri] ?? '', count)]));
  const rows = placed.flatMap(({ node }, i) => (node.properties ?? []).map(([uri, value]) => [base + i, names.get(uri) ?? 0, value]));
  run(core.sql, r.ADD_PROPERTIES, JSON.stringify(rows));
}

/** The tree's head becomes this Space's root node. */
function becomeTop(core: Core, arrival: r.ArrivalRow, node: TravelNode, known: Known): void {
  const now = core.clock();
  const access = (node.access === undefined ? undefined : known.access[node.access]) ?? arrival.access;
  const { immutable, locked, created = now, dataChanged = now, changed = now } = node;
  run(core.sql, r.SET_WHOLE, access, immutable ? 1 : 0, locked ? 1 : 0, created, dataChanged, changed, TOP);
  const properties = (node.properties ?? []).map(([uri, value]) => ({ uri: known.uris[uri] ?? '', value }));
  writeProperties(core, TOP, properties);
  if (node.quota !== undefined) setQuota(core, TOP, node.quota);
}
