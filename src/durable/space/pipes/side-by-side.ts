// Most of what pipes place: nodes that are not there yet, side by side in one container, of bytes that are known here. A few statements make them all.
import { readAdoptedKey } from '../../../model/adopted.ts';
import { EXTRACT } from '../../../model/extraction.ts';
import { allows } from '../../../model/permission.ts';
import { MAX_PROPERTIES } from '../../../model/property.ts';
import { MAX_PATH_BYTES, pathBytes } from '../../../model/vos-uri.ts';
import { all, first, run } from '../../sql.ts';
import { accessOf, auditEach, internAccess, present, userOf, type Core } from '../core.ts';
import { firstChanges, inherited, touch } from '../nodes/nodes.ts';
import { writeProperties } from '../nodes/properties.ts';
import { grow } from '../nodes/sizes.ts';
import { checkChangeable, lastOf, type Walk } from '../nodes/walk.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { checkStays } from '../relocation/frozen.ts';
import { oweExtraction } from '../uploads/extraction.ts';
import { typeProperty } from '../uploads/uploads.ts';
import type { Placing } from './port.ts';
import * as p from './queries.ts';

type Chain = Walk['chain'];
type Item = Placing['items'][number];

interface Fresh {
  readonly item: Item;
  readonly name: string;
  readonly object: number;
}

/**
 * Those that it has placed: everything that may be refused is looked at before the first write, so that nothing has to be undone. Whatever is not as
 * simple as that is left to be placed, or refused, one by one. To be called inside a transaction. `top`: the destination.
 */
export function placeSideBySide(core: Core, call: Call, { pipe, items }: Placing, top: Chain): ReadonlySet<Item> {
  const none = new Set<Item>();
  const [folder] = items.map(({ path }) => path.slice(0, -1));
  const isOneFolder = items.every(({ path }) => path.length - 1 === folder?.length && folder.every((name, i) => path[i] === name));
  if (!folder || !isOneFolder || first(core.sql, q.ANY_QUOTA)) return none;
  const chain = writable(core, call, folder, top);
  const fresh = chain ? freshOnes(core, call, items, lastOf(chain).id) : [];
  if (!chain || fresh.length === 0) return none;
  const parent = lastOf(chain);
  const owner = userOf(call.principal, call.uri);
  const { access } = firstChanges(call, { type: 'DataNode', properties: [] }, inherited(accessOf(core, parent.access), owner));
  make(core, call, pipe, parent.id, internAccess(core, access), fresh);
  grow(
    core,
    parent.id,
    fresh.reduce((sum, { item }) => sum + item.size, 0),
  );
  touch(core, parent.id);
  return new Set(fresh.map(({ item }) => item));
}

/** Undefined: the container is not there, or something is to be refused in it. */
function writable(core: Core, call: Call, folder: readonly string[], top: Chain): Chain | undefined {
  let chain = top;
  for (const name of folder) {
    const found = first(core.sql, q.GET_CHILD, lastOf(chain).id, name);
    if (found?.type !== 'ContainerNode' || !allows(accessOf(core, found.access), call.principal, 'read')) return undefined;
    chain = [...chain, found];
  }
  if (!allows(accessOf(core, lastOf(chain).access), call.principal, 'write')) return undefined;
  try {
    checkStays(core, call, chain);
    checkChangeable(call, chain);
    return chain;
  } catch {
    return undefined;
  }
}

function freshOnes(core: Core, { name: space, path: above }: Call, items: readonly Item[], parent: number): readonly Fresh[] {
  const nameOf = ({ path }: Item): string => path.at(-1) ?? '';
  const names = new Set<string>();
  return all(core.sql, p.FIND_PLACES, JSON.stringify(items.map((item) => [nameOf(item), item.key])), parent).flatMap((row) => {
    const item = items[row.place];
    if (!item || row.node !== null || row.object === null || names.has(nameOf(item))) return [];
    if (readAdoptedKey(item.key) || pathBytes([space, ...above, ...item.path]) > MAX_PATH_BYTES) return [];
    names.add(nameOf(item));
    return [{ item, name: nameOf(item), object: row.object }];
  });
}

function make(core: Core, call: Call, pipe: string, parent: number, access: number, fresh: readonly Fresh[]): void {
  const { sql } = core;
  const rows = fresh.map(({ item: { size, md5 }, name, object }) => [name, object, size, md5 ?? null]);
  const ids = new Map(all(sql, p.ADD_PLACES, JSON.stringify(rows), parent, access, core.clock()).map(({ id, name }) => [name, id]));
  const idOf = (name: string): number => present(ids.get(name), 'node');
  run(sql, p.NOTE_ALL_PLACED, JSON.stringify(fresh.map(({ name, object }) => [idOf(name), object])), pipe);
  const asksForProperties = first(sql, q.FIND_PROPERTY_NAME, EXTRACT) !== undefined;
  for (const { item, name } of fresh) {
    const id = idOf(name);
    if (item.type !== undefined) writeProperties(core, id, typeProperty(core, id, item.type), MAX_PROPERTIES + 1);
    if (asksForProperties) oweExtraction(core, { id, name, parent, access }, `${pipe}.${id}.1`);
  }
  const entries = fresh.map(({ item: { path, size } }) => ({
    path: [call.name, ...call.path, ...path],
    detail: `${size} bytes by a pipe`,
  }));
  auditEach(core, call.principal, 'write', entries);
}
