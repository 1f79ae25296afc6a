// One page of a Swift container's listing as nodes, in one transaction that leaves the same when it is repeated.
import { Fault } from '../../../faults.ts';
import { readAdoptedKey } from '../../../model/adopted.ts';
import { hasBytes, type NodeType } from '../../../model/node.ts';
import { refusal, type Access } from '../../../model/permission.ts';
import { MAX_PROPERTIES } from '../../../model/property.ts';
import { first, run } from '../../sql.ts';
import type { AdoptedObject, AdoptedPage, AdoptPage } from './port.ts';
import * as a from './queries.ts';
import { accessOf, audit, present, type Core } from '../core.ts';
import { checkStays } from '../relocation/frozen.ts';
import { firstChanges, inherited, insertNode, touch } from '../nodes/nodes.ts';
import type { Call } from '../port.ts';
import { writeProperties } from '../nodes/properties.ts';
import * as q from '../queries.ts';
import { checkRoom, limited } from '../nodes/quotas.ts';
import { grow } from '../nodes/sizes.ts';
import { refresh } from './refresh.ts';
import { typeProperty } from '../uploads/uploads.ts';
import { checkChangeable, find, lastOf, type Walk } from '../nodes/walk.ts';

type Chain = Walk['chain'];

export function adoptPage(core: Core, call: Call, page: AdoptPage): AdoptedPage {
  if (call.principal.kind !== 'user' || !call.principal.admin) throw refusal(call.principal, call.uri);
  const { chain, node: target } = find(core, call, true);
  if (target.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${call.uri} is a ${target.type}`);
  const work = new Adopting(core, call, page, chain);
  for (const object of page.objects) work.take(object);
  return work.end();
}

class Adopting {
  readonly #core: Core;
  readonly #call: Call;
  readonly #page: AdoptPage;
  readonly #owner: string;
  /** Containers by their paths below the target; undefined where something else is. */
  readonly #folders = new Map<string, Chain | undefined>();
  /** Containers that may be changed, and in which something has been. */
  readonly #changed = new Set<number>();
  readonly #refused: string[] = [];
  #made = 0;
  #nodes = 0;
  #bytes = 0;

  constructor(core: Core, call: Call, page: AdoptPage, chain: Chain) {
    this.#core = core;
    this.#call = call;
    this.#page = page;
    this.#owner = accessOf(core, lastOf(chain).access).owner;
    this.#folders.set('', chain);
    const seen = [...page.objects.map(({ key }) => key), ...page.others];
    run(core.sql, a.SEE_OBJECTS, JSON.stringify(seen), page.since, page.owned ? 1 : 0);
  }

  take(object: AdoptedObject): void {
    const { path, isFolder } = object;
    const folder = this.#folder(isFolder ? path : path.slice(0, -1));
    if (!folder) return this.#refuse('DuplicateNode', path);
    if (isFolder) return;
    const child = first(this.#core.sql, q.GET_CHILD, lastOf(folder).id, path.at(-1) ?? '');
    if (!child) this.#make(folder, object);
    else if (!this.#renew(child, object)) return this.#refuse('DuplicateNode', path);
    this.#nodes += 1;
    this.#bytes += object.size;
  }

  end(): AdoptedPage {
    for (const container of this.#changed) touch(this.#core, container);
    const { principal, name, path } = this.#call;
    if (this.#made > 0) audit(this.#core, principal, 'adopt', [name, ...path], `${this.#made} nodes of ${this.#page.container}`);
    return { nodes: this.#nodes, bytes: this.#bytes, refused: this.#refused };
  }

  #refuse(fault: string, path: readonly string[]): void {
    this.#refused.push(`${fault} ${path.join('/')}`);
  }

  #folder(path: readonly string[]): Chain | undefined {
    const key = path.join('/');
    if (this.#folders.has(key)) return this.#folders.get(key);
    const above = this.#folder(path.slice(0, -1));
    const name = path.at(-1) ?? '';
    const found = above && (first(this.#core.sql, q.GET_CHILD, lastOf(above).id, name) ?? this.#insert(above, name, 'ContainerNode'));
    const folder: Chain | undefined = above && found?.type === 'ContainerNode' ? [...above, found] : undefined;
    this.#folders.set(key, folder);
    return folder;
  }

  #insert(folder: Chain, name: string, type: NodeType): q.NodeRow {
    const parent = lastOf(folder);
    if (!this.#changed.has(parent.id)) {
      checkStays(this.#core, this.#call, folder);
      checkChangeable(this.#call, folder);
      this.#changed.add(parent.id);
    }
    const wanted: Access = inherited(accessOf(this.#core, parent.access), this.#owner);
    const creation = { type, properties: [] };
    const { access, changes } = firstChanges(this.#call, creation, wanted);
    this.#made += 1;
    return insertNode(this.#core, parent.id, name, creation, access, changes, false);
  }

  #make(folder: Chain, object: AdoptedObject): void {
    const core = this.#core;
    const { key, size, md5, type, modified } = object;
    const parent = lastOf(folder).id;
    checkRoom(core, limited(core, parent), size, this.#call.uri);
    const known = first(core.sql, a.FIND_ADOPTED, key);
    if (known) refresh(core, this.#call, known, object);
    const { owned, since } = this.#page;
    const id = known?.id ?? present(first(core.sql, a.ADD_ADOPTED, key, size, owned ? 1 : 0, since), 'object').id;
    // It may have been doomed with its last node.
    run(core.sql, q.DROP_LEFTOVER, key);
    const node = this.#insert(folder, object.path.at(-1) ?? '', 'DataNode');
    run(core.sql, q.SET_BYTES, id, size, md5 ?? null, modified, core.clock(), node.generation, node.id);
    grow(core, parent, size);
    writeProperties(core, node.id, typeProperty(core, node.id, type), MAX_PROPERTIES + 1);
  }

  /** False: the node is not this object's. It may have been given other bytes, or stand for an object whose name is the same in NFC. */
  #renew(child: q.NodeRow, object: AdoptedObject): boolean {
    if (!hasBytes(child.type as NodeType) || child.object === null) return false;
    const has = present(first(this.#core.sql, q.GET_OBJECT, child.object), 'object');
    const [held, wanted] = [readAdoptedKey(has.key), readAdoptedKey(object.key)];
    if (!held || held.container !== wanted?.container || held.name !== wanted.name) return false;
    refresh(this.#core, this.#call, has, object);
    return true;
  }
}
