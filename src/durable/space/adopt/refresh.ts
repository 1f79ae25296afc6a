// Nodes whose objects have changed in the store, or have gone from it.
import { adoptedKeysOf } from '../../../model/adopted.ts';
import { refusal } from '../../../model/permission.ts';
import { MAX_PROPERTIES } from '../../../model/property.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, run } from '../../sql.ts';
import { fixedBy, isAttached, pathOf } from '../nodes/above.ts';
import type { AdoptedObject, VanishedPage, VanishedRequest } from './port.ts';
import * as a from './queries.ts';
import { audit, meta, type Core } from '../core.ts';
import { touch } from '../nodes/nodes.ts';
import type { Call } from '../port.ts';
import { writeProperties } from '../nodes/properties.ts';
import * as q from '../queries.ts';
import { checkRoom, limited } from '../nodes/quotas.ts';
import { removeNode } from '../nodes/removal.ts';
import { grow } from '../nodes/sizes.ts';
import { typeProperty } from '../uploads/uploads.ts';

/** Objects looked at in one transaction. */
const BATCH = 500;

/** All nodes that refer to the object get its size, checksum, time and type of this moment. Throws QuotaExceeded. */
export function refresh(core: Core, call: Call, known: q.ObjectRow, { size, md5, type, modified }: AdoptedObject): void {
  if (known.size !== size) run(core.sql, a.RESIZE_OBJECT, size, known.id);
  for (const node of all(core.sql, a.NODES_OF_OBJECT, known.id)) {
    if (node.size === size && node.md5 === (md5 ?? null) && node.data_changed === modified) continue;
    if (size > node.size && isAttached(core, node)) checkRoom(core, limited(core, node.parent), size - node.size, call.uri);
    run(core.sql, q.SET_BYTES, known.id, size, md5 ?? null, modified, core.clock(), node.generation, node.id);
    grow(core, node.parent, size - node.size);
    writeProperties(core, node.id, typeProperty(core, node.id, type), MAX_PROPERTIES + 1);
  }
}

/** Nodes of objects that no listing since then has had. A node that may not change stays, and is named like the others. */
export function vanishedPage(core: Core, call: Call, { container, since, after, removes }: VanishedRequest): VanishedPage {
  if (call.principal.kind !== 'user' || !call.principal.admin) throw refusal(call.principal, call.uri);
  const { from, before } = adoptedKeysOf((meta(core, 'id') ?? '') as SpaceId, container);
  const objects = all(core.sql, a.UNSEEN_OBJECTS, after === '' ? from : after, before, since, BATCH);
  const paths: string[] = [];
  let removed = 0;
  for (const object of objects) {
    for (const node of all(core.sql, a.NODES_OF_OBJECT, object.id)) {
      if (!isAttached(core, node)) continue;
      const fixed = removes ? fixedBy(core, node) : undefined;
      paths.push(`${fixed ? `${fixed.result} ` : ''}${[call.name, ...pathOf(core, node.id)].join('/')}`);
      if (!removes || fixed) continue;
      // Another object that takes its name is not this one.
      run(core.sql, a.DISOWN_OBJECT, object.id);
      removeNode(core, node, limited(core, node.parent));
      if (node.parent !== null) touch(core, node.parent);
      removed += 1;
    }
  }
  if (removed > 0) audit(core, call.principal, 'delete', [call.name, ...call.path], `${removed} nodes whose objects are gone`);
  const last = objects.at(-1);
  return { paths, removed, ...(objects.length === BATCH && last ? { next: last.key } : {}) };
}
