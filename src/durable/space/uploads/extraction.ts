// Where a container asks for it, a commit owes an extraction: the header of the file is to become properties of its node.
import { EXTRACT, extractable } from '../../../model/extraction.ts';
import { first } from '../../sql.ts';
import { pathOf } from '../nodes/above.ts';
import { accessOf, meta, propertiesOf, type Core } from '../core.ts';
import { owe } from '../outbox.ts';
import * as q from '../queries.ts';

export function oweExtraction(core: Core, node: Pick<q.NodeRow, 'id' | 'name' | 'parent' | 'access'>, upload: string): void {
  const asked = first(core.sql, q.FIND_PROPERTY_NAME, EXTRACT);
  if (!asked || extractable(propertiesOf(core, node.id), node.name) === undefined || !isWanted(core, node.parent)) return;
  const path = [meta(core, 'name') ?? '', ...pathOf(core, node.id)];
  owe(core, { kind: 'extract', path, upload, owner: accessOf(core, node.access).owner }, core.clock());
}

/** The nearest container that says so, or says not so, decides. */
function isWanted(core: Core, container: number | null): boolean {
  for (let at = container; at !== null; at = first(core.sql, q.PARENT_OF, at)?.parent ?? null) {
    const said = propertiesOf(core, at)
      .find(({ uri }) => uri === EXTRACT)
      ?.value.trim()
      .toLowerCase();
    if (said !== undefined) return said === 'true' || said === '1';
  }
  return false;
}
