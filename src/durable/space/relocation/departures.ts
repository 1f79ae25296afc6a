// The source's part of a copy or a move: the head of the tree, pages of what is below, and the end of a tree that has arrived elsewhere.
import { Fault } from '../../../faults.ts';
import { ARRIVAL_LIFE } from '../../../model/limits.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { all, first, run } from '../../sql.ts';
import { accessOf, audit, meta, moved, present, TOP, userOf, type Core } from '../core.ts';
import { destroySpace } from '../ending.ts';
import { keepForNodes } from './holds.ts';
import { checkRemovable, touch } from '../nodes/nodes.ts';
import { owe } from '../outbox.ts';
import { PageMaker } from './page-maker.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { limited } from '../nodes/quotas.ts';
import type { DepartRequest, Page, PageRequest, TravelNode } from './port.ts';
import * as r from './queries.ts';
import { removeNode } from '../nodes/removal.ts';
import { checkChangeable, find, findParent } from '../nodes/walk.ts';

/** A page ends early after so many characters: a message between objects has at most 32 MiB. */
const PAGE_CHARACTERS = 4_000_000;
/** Nodes whose properties are read together. */
const SLICE = 8;

export function depart(core: Core, call: Call, { kind, holder }: DepartRequest): string {
  if (call.name === '' && call.path.length === 0) throw new Fault('InvalidArgument', `${call.uri} is the root, which stays where it is`);
  const node = kind === 'copy' ? readable(core, call) : freeze(core, call, holder ?? '');
  if (holder !== undefined) keepForNodes(core, holder, [node.id]);
  const page = new PageMaker(core, kind);
  return page.page([{ origin: 0, nodes: page.nodes(all(core.sql, r.ONE_NODE, node.id)) }]);
}

function readable(core: Core, call: Call): q.NodeRow {
  const { node } = find(core, call);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  if (node.pending === 1) throw new Fault('NodeBusy', `${call.uri}: its first upload is under way`, { 'Retry-After': '5' });
  return node;
}

/** From here on nothing in the tree changes, until it has arrived or its arrival has been given up. */
function freeze(core: Core, call: Call, holder: string): q.NodeRow {
  const principal = userOf(call.principal, call.uri);
  const known = first(core.sql, r.DEPARTURE_OF, holder);
  if (known) return present(first(core.sql, q.GET_NODE, known.node), 'departing node');
  const node = leavable(core, call);
  if (first(core.sql, r.UPLOADS_BELOW, node.id))
    throw new Fault('NodeBusy', `${call.uri}: uploads into it are under way`, { 'Retry-After': '30' });
  run(core.sql, r.ADD_DEPARTURE, node.id, holder, principal, core.clock() + ARRIVAL_LIFE);
  return node;
}

/** What may be deleted may be moved away. Top-level containers are moved by administrators. */
function leavable(core: Core, call: Call): q.NodeRow {
  if (call.path.length === 0) {
    if (call.principal.kind !== 'user' || !call.principal.admin) throw refusal(call.principal, call.uri);
    const top = present(first(core.sql, q.GET_NODE, TOP), 'root node');
    checkChangeable(call, [top]);
    checkRemovable(core, call, top);
    return top;
  }
  const { parent, chain, name } = findParent(core, call, 'NodeNotFound');
  const node = first(core.sql, q.GET_CHILD, parent.id, name);
  if (!node) throw new Fault('NodeNotFound', call.uri);
  if (node.mount !== null) throw moved(name);
  checkChangeable(call, chain);
  checkChangeable(call, [node]);
  checkRemovable(core, call, node);
  return node;
}

/** Throws PermissionDenied when a copy comes upon something that the caller may not read, NodeNotFound when the tree is not there any more. */
export function readPage(core: Core, call: Call, request: PageRequest): string {
  const { kind, holder, origin } = request;
  const isBelow = kind === 'copy' ? copyable(core, call, origin) : leaving(core, holder ?? '', origin);
  const page = new PageMaker(core, kind);
  const groups: Page['groups'][number][] = [];
  const held: number[] = [];
  let { after, limit } = request;
  for (const container of request.containers) {
    const rows = isBelow(container) ? all(core.sql, r.CHILDREN_AFTER, container, after, limit) : [];
    const nodes: TravelNode[] = [];
    let taken = 0;
    while (taken < rows.length && page.characters < PAGE_CHARACTERS) {
      const slice = rows.slice(taken, taken + SLICE);
      taken += slice.length;
      // A node whose first bytes are still to come is not there yet.
      const there = slice.filter((row) => row.pending === 0 && row.mount === null);
      if (kind === 'copy' && !there.every((row) => allows(accessOf(core, row.access), call.principal, 'read')))
        throw new Fault('PermissionDenied', `${call.uri} holds nodes that you may not read`);
      nodes.push(...page.nodes(there));
      for (const row of there) if (row.object !== null) held.push(row.id);
    }
    const last = taken < rows.length || rows.length === limit ? rows[taken - 1]?.name : undefined;
    groups.push({ origin: container, nodes, ...(last === undefined ? {} : { last }) });
    limit -= rows.length;
    after = '';
    if (last !== undefined || limit <= 0 || page.characters >= PAGE_CHARACTERS) break;
  }
  if (holder !== undefined) keepForNodes(core, holder, held);
  return page.page(groups);
}

/** Whether a container still is in the tree, which others may change while it is copied, and may be read. */
function copyable(core: Core, call: Call, origin: number): (container: number) => boolean {
  if (find(core, call).node.id !== origin) throw new Fault('NodeNotFound', `${call.uri} was moved or replaced while it was copied`);
  const known = new Map<number, boolean>();
  return (container) => {
    const way: q.NodeRow[] = [];
    let below = false;
    for (let id: number | null = container; id !== null;) {
      const seen = known.get(id);
      const node: q.NodeRow | undefined = seen === undefined ? first(core.sql, q.GET_NODE, id) : undefined;
      below = seen ?? id === origin;
      if (!node) break;
      way.push(node);
      id = below ? null : node.parent;
    }
    for (const { id, access } of way.toReversed()) {
      if (below && !allows(accessOf(core, access), call.principal, 'read'))
        throw new Fault('PermissionDenied', `${call.uri} holds nodes that you may not read`);
      known.set(id, below);
    }
    return below;
  };
}

function leaving(core: Core, holder: string, origin: number): (container: number) => boolean {
  if (first(core.sql, r.DEPARTURE_OF, holder)?.node !== origin) throw new Fault('Conflict', 'the move was given up');
  run(core.sql, r.RENEW_DEPARTURE, core.clock() + ARRIVAL_LIFE, origin);
  return () => true;
}

/** The end of a departure: the tree is cut off here if it has arrived elsewhere, else it may change again. */
export function endDeparture(core: Core, holder: string, origin: number, arrived: boolean): void {
  const row = first(core.sql, r.DEPARTURE_OF, holder);
  if (row?.node !== origin) return;
  run(core.sql, r.DROP_DEPARTURE, origin);
  const node = arrived ? first(core.sql, q.GET_NODE, origin) : undefined;
  if (!node) return;
  const name = meta(core, 'name') ?? '';
  if (node.id === TOP) {
    destroySpace(core);
    owe(core, { kind: 'leave' }, core.clock());
  } else {
    removeNode(core, node, limited(core, node.parent));
    if (node.parent !== null) touch(core, node.parent);
  }
  audit(core, row.principal, 'move', [name, node.name], 'to another top-level container');
}
