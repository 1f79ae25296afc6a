// A node's free properties, with a count of how many nodes use each URI.
import { Fault } from '../../../faults.ts';
import type { PropertyInput } from '../../../model/node.ts';
import { MAX_DOCUMENT } from '../../../model/limits.ts';
import { MAX_PROPERTIES, MAX_PROPERTY_VALUE } from '../../../model/property.ts';
import { all, first, run } from '../../sql.ts';
import { present, type Core } from '../core.ts';
import { oweOnce } from '../outbox.ts';
import * as q from '../queries.ts';

/**
 * Sets each property, or deletes it where the value is null. InvalidArgument when the node then has more than `most`, or more text than
 * fits into a document: what cannot be sent at once cannot be sent back either, and a page of such nodes could not be read.
 */
export function writeProperties(core: Core, node: number, inputs: readonly PropertyInput[], most = MAX_PROPERTIES): void {
  for (const { uri, value } of inputs) {
    const known = first(core.sql, q.FIND_PROPERTY_NAME, uri);
    if (value === null && !known) continue;
    const name = (known ?? present(first(core.sql, q.ADD_PROPERTY_NAME, uri), 'property name')).id;
    const had = first(core.sql, q.HAS_PROPERTY, node, name) !== undefined;
    if (value === null) {
      if (had) {
        run(core.sql, q.DROP_PROPERTY, node, name);
        count(core, name, -1);
      }
      continue;
    }
    run(core.sql, q.SET_PROPERTY, node, name, value);
    if (!had) count(core, name, 1);
  }
  if (inputs.length === 0) return;
  const total = first(core.sql, q.COUNT_PROPERTIES, node);
  if (total && total.count > most) throw new Fault('InvalidArgument', `a node has at most ${MAX_PROPERTIES} properties`);
  if (total && (total.bytes ?? 0) > MAX_DOCUMENT + (most - MAX_PROPERTIES) * MAX_PROPERTY_VALUE)
    throw new Fault('InvalidArgument', `the properties of a node have at most ${MAX_DOCUMENT} bytes together`);
}

export function dropProperties(core: Core, node: number): void {
  for (const { name } of all(core.sql, q.PROPERTY_NAMES_OF, node)) count(core, name, -1);
  run(core.sql, q.DROP_PROPERTIES, node);
}

/** The first use of a URI and the end of the last are told to the root, which knows all that are in use. */
function count(core: Core, name: number, change: 1 | -1): void {
  const uses = first(core.sql, q.PROPERTY_USES, change, name)?.uses;
  if (uses === (change === 1 ? 1 : 0)) oweOnce(core, { kind: 'properties' }, core.clock());
}

/** The id of the URI's name, with so many further uses of it. */
export function useProperty(core: Core, uri: string, uses: number): number {
  const { id } = first(core.sql, q.FIND_PROPERTY_NAME, uri) ?? present(first(core.sql, q.ADD_PROPERTY_NAME, uri), 'property name');
  if (first(core.sql, q.PROPERTY_USES, uses, id)?.uses === uses) oweOnce(core, { kind: 'properties' }, core.clock());
  return id;
}
