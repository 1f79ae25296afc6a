// A pipe's chunks become nodes of the destination: many in one transaction, each refused alone.
import { Fault } from '../../../faults.ts';
import { readAdoptedKey } from '../../../model/adopted.ts';
import { hasBytes, type NodeType } from '../../../model/node.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { MAX_PROPERTIES } from '../../../model/property.ts';
import { checkPathBytes, formatPath, pathBytes } from '../../../model/vos-uri.ts';
import { first, run } from '../../sql.ts';
import { FIND_ADOPTED } from '../adopt/queries.ts';
import { accessOf, audit, meta, present, userOf, type Core } from '../core.ts';
import { firstChanges, inherited, insertNode, touch } from '../nodes/nodes.ts';
import { writeProperties } from '../nodes/properties.ts';
import { checkRoom, limited } from '../nodes/quotas.ts';
import { releaseObject } from '../nodes/removal.ts';
import { grow } from '../nodes/sizes.ts';
import { checkChangeable, find, lastOf, type Walk } from '../nodes/walk.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { addForeign } from '../relocation/elsewhere.ts';
import { checkStays } from '../relocation/frozen.ts';
import type { TravelBytes } from '../relocation/port.ts';
import { oweExtraction } from '../uploads/extraction.ts';
import { typeProperty } from '../uploads/uploads.ts';
import type { Placed, Placing } from './port.ts';
import * as p from './queries.ts';
import { placeSideBySide } from './side-by-side.ts';

type Chain = Walk['chain'];
type Item = Placing['items'][number];

/** What homes have answered by keys that they were asked to hold: undefined where they do not have the bytes. */
export type Lent = ReadonlyMap<string, TravelBytes | undefined>;

/** Undoes what a change has done that is refused, and answers the refusal. */
export type Attempt = <T>(change: () => T) => T | Fault;

export interface PlacedAll {
  readonly placed: readonly Placed[];
  /** Rows of bytes that lie elsewhere and that nodes have got. */
  readonly objects: readonly number[];
}

/** The destination, where the caller may write. Throws what making a node in it would. */
export function destination(core: Core, call: Call): Chain {
  const { node, chain } = find(core, call, true);
  const access = accessOf(core, node.access);
  if (!allows(access, call.principal, 'write')) throw refusal(call.principal, call.uri);
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${call.uri} is a ${node.type}`);
  checkStays(core, call, chain);
  checkChangeable(call, chain);
  return chain;
}

/** To be called inside a transaction. Throws Conflict when it is too late. */
export function placeItems(core: Core, call: Call, placing: Placing, lent: Lent, attempt: Attempt): PlacedAll {
  if (core.clock() > placing.until) throw new Fault('Conflict', 'the attempt has been overtaken');
  const top = destination(core, call);
  // DestroyPipe has been here: what comes late finds no pipe.
  if (first(core.sql, p.GET_END, placing.pipe, 'destination')?.node !== lastOf(top).id)
    throw new Fault('Conflict', `the pipe does not end at ${call.uri}`);
  const placer = new Placer(core, call, placing, lent, top);
  const borrowed = new Set<number>();
  const atOnce = lent.size === 0 ? placeSideBySide(core, call, placing, top) : undefined;
  const placed = placing.items.map((item): Placed => {
    if (atOnce?.has(item)) return { kind: 'placed' };
    placer.begin();
    const object = attempt(() => placer.place(item));
    if (object instanceof Fault) {
      placer.forget();
      return { kind: 'refused', fault: object.fault, detail: object.detail };
    }
    if (object !== undefined && lent.has(item.key)) borrowed.add(object);
    return { kind: 'placed' };
  });
  placer.end();
  return { placed, objects: [...borrowed] };
}

class Placer {
  readonly #core: Core;
  readonly #call: Call;
  readonly #placing: Placing;
  readonly #lent: Lent;
  readonly #owner: string;
  readonly #top: Chain;
  /** Containers by their paths below the destination. */
  #folders = new Map<string, Chain>();
  /** Bytes by which containers have grown, to be added to those above them, too. */
  readonly #growth = new Map<number, number>();
  #charged = new Map<number, readonly number[]>();
  readonly #changed = new Set<number>();
  readonly #isLimited: boolean;
  /** Bytes that nodes had: another item may be these. They are let go at the end. */
  readonly #replaced: number[] = [];
  readonly #former: number[] = [];

  constructor(core: Core, call: Call, placing: Placing, lent: Lent, top: Chain) {
    this.#core = core;
    this.#call = call;
    this.#placing = placing;
    this.#lent = lent;
    this.#owner = userOf(call.principal, call.uri);
    this.#top = top;
    this.#isLimited = first(core.sql, q.ANY_QUOTA) !== undefined;
  }

  /** Before each item. Quotas compare sizes as they are then; else containers grow once, at the end. */
  begin(): void {
    this.#replaced.push(...this.#former.splice(0));
    if (this.#isLimited) this.#grow();
  }

  /** After an item that was refused: what was known of containers that were made for it is wrong. */
  forget(): void {
    this.#former.length = 0;
    this.#folders = new Map();
    this.#charged = new Map();
  }

  /** The row of its bytes; undefined: the node has the same bytes already, from somewhere else. */
  place(asked: Item): number | undefined {
    const { name, path } = this.#call;
    checkPathBytes(pathBytes([name, ...path, ...asked.path]), this.#uri(asked.path));
    const item = this.#asKnown(asked);
    const chain = this.#folder(item.path.slice(0, -1));
    const child = first(this.#core.sql, q.GET_CHILD, lastOf(chain).id, item.path.at(-1) ?? '');
    const known = first(this.#core.sql, q.FIND_OBJECT, item.key)?.id;
    if (child && child.object !== null && child.object === known) return known;
    // Same bytes: success, whoever has put them there.
    if (child && child.object !== null && child.size === item.size && item.md5 !== undefined && child.md5 === item.md5) return undefined;
    const object = known ?? this.#object(item);
    if (child) this.#replace([...chain, child], child, item, object);
    else this.#make(chain, item, object);
    return object;
  }

  end(): void {
    this.begin();
    this.#grow();
    for (const object of this.#replaced) releaseObject(this.#core, object);
    for (const container of this.#changed) touch(this.#core, container);
  }

  #make(chain: Chain, item: Item, object: number): void {
    const parent = lastOf(chain);
    this.#check(chain, item.path);
    this.#room(parent.id, item.size, item.path);
    const node = this.#insert(parent, item.path.at(-1) ?? '', 'DataNode');
    this.#swing(node, item, object);
  }

  #replace(chain: Chain, child: q.NodeRow, item: Item, object: number): void {
    const uri = this.#uri(item.path);
    if (this.#placing.onConflict === 'fail' || !hasBytes(child.type as NodeType))
      throw new Fault('DuplicateNode', `NameConflict: ${uri} is there already, and is not these bytes`);
    this.#check(chain, item.path);
    this.#room(child.parent ?? 0, item.size - child.size, item.path);
    this.#swing(child, item, object);
    if (child.object !== null) this.#former.push(child.object);
  }

  /** The rights and the locks, as for an upload. */
  #check(chain: Chain, path: readonly string[]): void {
    const call = { ...this.#call, uri: this.#uri(path) };
    if (!allows(accessOf(this.#core, lastOf(chain).access), call.principal, 'write')) throw refusal(call.principal, call.uri);
    checkStays(this.#core, call, chain);
    checkChangeable(call, chain);
  }

  #room(container: number, bytes: number, path: readonly string[]): void {
    if (!this.#isLimited || bytes <= 0) return;
    const charged = this.#charged.get(container) ?? limited(this.#core, container);
    this.#charged.set(container, charged);
    checkRoom(this.#core, charged, bytes, this.#uri(path));
  }

  #swing(node: q.NodeRow, { size, md5, type, path }: Item, object: number): void {
    const core = this.#core;
    const { sql } = core;
    const { name, principal, path: above } = this.#call;
    const now = core.clock();
    const { generation } = present(first(sql, p.SWING, object, size, md5 ?? null, now, now, node.id), 'node');
    writeProperties(core, node.id, typeProperty(core, node.id, type), MAX_PROPERTIES + 1);
    run(sql, p.NOTE_PLACED, node.id, this.#placing.pipe, object);
    oweExtraction(core, node, `${this.#placing.pipe}.${node.id}.${generation}`);
    audit(core, principal, 'write', [name, ...above, ...path], `${size} bytes by a pipe`);
    const parent = node.parent ?? 0;
    this.#growth.set(parent, (this.#growth.get(parent) ?? 0) + size - node.size);
  }

  #grow(): void {
    for (const [container, bytes] of this.#growth) grow(this.#core, container, bytes);
    this.#growth.clear();
  }

  #folder(path: readonly string[]): Chain {
    if (path.length === 0) return this.#top;
    const key = path.join('/');
    const known = this.#folders.get(key);
    if (known) return known;
    const above = this.#folder(path.slice(0, -1));
    const parent = lastOf(above);
    const name = path.at(-1) ?? '';
    const found = first(this.#core.sql, q.GET_CHILD, parent.id, name) ?? this.#between(above, path, name);
    const uri = this.#uri(path);
    if (found.type === 'LinkNode') throw new Fault('LinkFound', `${uri} is a link`);
    if (found.type !== 'ContainerNode') throw new Fault('DuplicateNode', `NameConflict: ${uri} is a ${found.type}`);
    if (!allows(accessOf(this.#core, found.access), this.#call.principal, 'read')) throw refusal(this.#call.principal, uri);
    const chain: Chain = [...above, found];
    this.#folders.set(key, chain);
    return chain;
  }

  #between(above: Chain, path: readonly string[], name: string): q.NodeRow {
    this.#check(above, path);
    const made = this.#insert(lastOf(above), name, 'ContainerNode');
    run(this.#core.sql, p.NOTE_PLACED, made.id, this.#placing.pipe, null);
    audit(this.#core, this.#call.principal, 'create', [this.#call.name, ...this.#call.path, ...path], 'ContainerNode');
    return made;
  }

  #insert(parent: q.NodeRow, name: string, type: NodeType): q.NodeRow {
    const creation = { type, properties: [] };
    const { access, changes } = firstChanges(this.#call, creation, inherited(accessOf(this.#core, parent.access), this.#owner));
    this.#changed.add(parent.id);
    return insertNode(this.#core, parent.id, name, creation, access, changes, false);
  }

  /** Others change adopted objects: all nodes of one have the size of its row, and are looked at again when they are read. */
  #asKnown(item: Item): Item {
    if (!readAdoptedKey(item.key)) return item;
    const known = first(this.#core.sql, FIND_ADOPTED, item.key) ?? this.#lent.get(item.key);
    if (!known || known.size === item.size) return item;
    const { md5: _, ...rest } = item;
    return { ...rest, size: known.size };
  }

  /** A row for bytes that had none here. */
  #object({ key, home, size, fresh, path }: Item): number {
    const { sql } = this.#core;
    const bytes = this.#lent.get(key);
    if (fresh && home === meta(this.#core, 'id')) {
      run(sql, q.DROP_LEFTOVER, key);
      return present(first(sql, q.ADD_OBJECT, key, null, size), 'object').id;
    }
    // A node had them when the homes were asked, and has lost them since.
    if (home !== meta(this.#core, 'id') && !this.#lent.has(key))
      throw new Fault('ServiceBusy', `${this.#uri(path)}: its bytes have to be asked for`);
    if (!bytes) throw new Fault('TransferFailed', `${this.#uri(path)}: its bytes are no longer in the store`);
    addForeign(this.#core, [bytes]);
    return present(first(sql, q.FIND_OBJECT, key), 'object').id;
  }

  #uri(path: readonly string[]): string {
    return this.#call.uri + formatPath(path);
  }
}
