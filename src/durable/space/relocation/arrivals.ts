// The destination's part of a copy or a move: a tree that comes in unseen, and the one transaction that shows it or gives it up.
import { Fault } from '../../../faults.ts';
import { ARRIVAL_LIFE, OUTCOME_LIFE } from '../../../model/limits.ts';
import { checkPathBytes, pathBytes } from '../../../model/vos-uri.ts';
import { all, first, run } from '../../sql.ts';
import { accessOf, audit, internAccess, meta, present, userOf, type Core } from '../core.ts';
import { finish } from '../ending.ts';
import { inherited, touch } from '../nodes/nodes.ts';
import type { Call } from '../port.ts';
import * as q from '../queries.ts';
import { checkRoom, limited } from '../nodes/quotas.ts';
import type { ArrivalState, ArriveRequest } from './port.ts';
import * as r from './queries.ts';
import { grow } from '../nodes/sizes.ts';
import { checkChangeable, findParent } from '../nodes/walk.ts';

/** The arrival's number, also when it was begun before under this token; undefined when that has been given up. */
export function arrive(core: Core, call: Call, { token, kind, source, whole }: ArriveRequest): number | undefined {
  const known = first(core.sql, r.FIND_ARRIVAL, token);
  if (known) return known.state === 'gone' ? undefined : known.id;
  const owner = userOf(call.principal, call.uri);
  const bytes = pathBytes([call.name, ...call.path]);
  checkPathBytes(bytes, call.uri);
  const place = whole ? undefined : freePlace(core, call);
  const above = place ? inherited(accessOf(core, place.parent.access), owner) : undefined;
  const access = internAccess(core, above ?? { owner, isPublic: false, inherit: false, groupRead: [], groupWrite: [] });
  const now = core.clock();
  const hidden = [null, '', 'ContainerNode', access, 0, 0, null, null, now, now, now, 0] as const;
  const head = whole ? null : present(first(core.sql, q.ADD_NODE, ...hidden), 'hidden container').id;
  const values = [token, kind, source, whole ? 1 : 0, head, access, 'open', call.path.at(-1) ?? '', 0, now + ARRIVAL_LIFE, bytes] as const;
  return present(first(core.sql, r.ADD_ARRIVAL, ...values), 'arrival').id;
}

/** Where a node may be made now. */
function freePlace(core: Core, call: Call): ReturnType<typeof findParent> {
  const place = findParent(core, call);
  checkChangeable(call, place.chain);
  if (first(core.sql, q.GET_CHILD, place.parent.id, place.name)) throw new Fault('DuplicateNode', call.uri);
  return place;
}

export function stateOf(core: Core, id: number): ArrivalState {
  const row = first(core.sql, r.GET_ARRIVAL, id);
  if (!row) return { state: 'gone', whole: false, nodes: 0, bytes: 0 };
  const state = row.state === 'attaching' ? 'open' : (row.state as ArrivalState['state']);
  const isWhole = row.origin !== null && !first(core.sql, r.NEXT_ARRIVING, id, 1);
  return { state, whole: isWhole, nodes: row.nodes, bytes: row.bytes };
}

/** The arrival while it is open. Throws Conflict. */
export function openArrival(core: Core, id: number): r.ArrivalRow {
  const row = first(core.sql, r.GET_ARRIVAL, id);
  if (row?.state !== 'open') throw new Fault('Conflict', 'this copy or move has ended');
  return row;
}

/** Shows the tree: the commit point of a copy, and of a move between Spaces. */
export function attach(core: Core, id: number, to: Call): void {
  const row = first(core.sql, r.GET_ARRIVAL, id);
  if (row?.state === 'attached') return;
  if (row?.state !== 'open' || row.head === null || !stateOf(core, id).whole) throw new Fault('Conflict', 'this copy or move has ended');
  const { parent, name } = freePlace(core, to);
  const [node] = all(core.sql, q.CHILDREN_TO_PURGE, row.head, 1);
  const tree = present(node, 'arrived node');
  const charged = limited(core, parent.id);
  if (row.bytes > 0) checkRoom(core, charged, row.bytes, to.uri);
  grow(core, parent.id, row.bytes);
  run(core.sql, q.NAME_NODE, parent.id, name, core.clock(), tree.id);
  run(core.sql, q.DROP_NODE, row.head);
  touch(core, parent.id);
  audit(core, to.principal, row.kind, [to.name, ...to.path], `${row.nodes} nodes, ${row.bytes} bytes`);
  finish(core, row, 'attached', name);
}

/** Does something at most once under a token: a repeat finds the receipt that the same transaction has left. */
export function once(core: Core, token: string | undefined, change: () => void): void {
  if (token === undefined) return change();
  if (first(core.sql, r.FIND_ARRIVAL, token)) return;
  change();
  const source = meta(core, 'id') ?? '';
  first(core.sql, r.ADD_ARRIVAL, token, 'move', source, 0, null, 0, 'attached', '', 1, core.clock() + OUTCOME_LIFE, 0);
}
