// Taking nodes away: one transaction detaches, batches purge, and bytes that nothing refers to any more become leftovers.
import { CLOCK_SKEW, DOOMED_GRACE, OUTCOME_LIFE, PURGE_BATCH, PUT_URL_LIFE, UPLOAD_GRACE } from '../../../model/limits.ts';
import { readAdoptedKey } from '../../../model/adopted.ts';
import type { JobId } from '../../../model/job.ts';
import { readKeyRange } from '../../../model/key-range.ts';
import { all, first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { owe } from '../outbox.ts';
import type { Outcome } from '../port.ts';
import { DROP_PLACED } from '../pipes/queries.ts';
import { leaveElsewhere } from '../relocation/elsewhere.ts';
import { dropProperties } from './properties.ts';
import * as q from '../queries.ts';
import { charge } from './quotas.ts';
import { grow } from './sizes.ts';

/**
 * Takes an attached node away: its bytes no longer count at once. A container with children is detached and purged by alarm.
 * `charged`: the containers whose quotas then get back what uploads have reserved.
 */
export function removeNode(core: Core, node: q.NodeRow, charged: readonly number[]): void {
  grow(core, node.parent, -node.size);
  purgeNode(core, node, charged);
}

function purgeNode(core: Core, node: q.NodeRow, charged: readonly number[]): void {
  if (node.type === 'ContainerNode' && first(core.sql, q.HAS_CHILDREN, node.id)) {
    run(core.sql, q.DETACH_NODE, node.id);
    run(core.sql, q.ADD_PURGE, node.id, JSON.stringify(charged), core.clock());
    return;
  }
  dropNode(core, node, charged);
}

/** One batch of purging; the alarm calls it until `purge` is empty. */
export function purgeBatch(core: Core): void {
  let budget = PURGE_BATCH;
  while (budget > 0) {
    const next = first(core.sql, q.NEXT_PURGE);
    if (!next) return;
    const charged = JSON.parse(next.charged) as number[];
    const children = all(core.sql, q.CHILDREN_TO_PURGE, next.node, budget);
    for (const child of children) purgeNode(core, child, charged);
    if (children.length === 0) {
      const head = first(core.sql, q.GET_NODE, next.node);
      if (head) dropNode(core, head, charged);
      run(core.sql, q.DROP_PURGE, next.node);
    }
    budget -= Math.max(1, children.length);
  }
}

/** Removes a node that has no children and no bytes that count above it, with everything that hangs on it. */
export function dropNode(core: Core, node: q.NodeRow, charged: readonly number[]): void {
  for (const upload of all(core.sql, q.UPLOADS_OF, node.id))
    closeUpload(core, upload, { result: 'NodeNotFound', detail: 'the node was deleted' }, charged);
  dropProperties(core, node.id);
  run(core.sql, q.DROP_QUOTA, node.id);
  run(core.sql, DROP_PLACED, node.id);
  run(core.sql, q.DROP_NODE, node.id);
  if (node.object !== null) releaseObject(core, node.object);
}

/** Dooms the bytes if no node and no holder has them: they outlive every GET URL that was signed before. */
export function releaseObject(core: Core, id: number): void {
  if (first(core.sql, q.OBJECT_USED, id)) return;
  const object = first(core.sql, q.GET_OBJECT, id);
  if (!object) return;
  if (object.home !== null) leaveElsewhere(core, { ...object, home: object.home });
  run(core.sql, q.DROP_OBJECT, id);
  // What was there before its nodes outlives them, unless whoever adopted it said otherwise.
  if (object.home !== null || (readAdoptedKey(object.key) && object.owned === 0)) return;
  run(core.sql, q.ADD_LEFTOVER, object.key, core.clock() + DOOMED_GRACE, null);
  // The upload's URL may still be good for a PUT: a second look, as for every key that was signed.
  if (object.source !== null)
    run(core.sql, q.ADD_LEFTOVER, object.source, core.clock() + DOOMED_GRACE, core.clock() + PUT_URL_LIFE + UPLOAD_GRACE);
}

/** Ends an upload without a commit: gives its reserve back and leaves its bytes to the sweep. */
export function closeUpload(core: Core, upload: q.UploadRow, outcome: Outcome, charged: readonly number[]): void {
  markEnded(core, upload, outcome);
  run(core.sql, q.END_UPLOAD, upload.node);
  charge(core, charged, -upload.reserved);
  abandonKey(core, upload);
}

/** The row keeps the outcome for a while; its job is told of it. */
export function markEnded(core: Core, upload: q.UploadRow, outcome: Outcome): void {
  run(core.sql, q.CLOSE_UPLOAD, outcome.result, outcome.detail, core.clock() + OUTCOME_LIFE, upload.id);
  if (upload.job !== null) owe(core, { kind: 'outcome', job: upload.job as JobId, outcome }, core.clock());
}

/** The bytes that an upload brought go when its URL has ended, and once more when a PUT begun before that must be over. */
export function abandonKey(core: Core, upload: q.UploadRow): void {
  const now = core.clock();
  // Nobody waits for them; a part's URL may have been signed just now.
  if (readKeyRange(upload.key)) return void run(core.sql, q.ADD_LEFTOVER, upload.key, now, now + PUT_URL_LIFE + UPLOAD_GRACE);
  // A stream that has not noticed yet may still finish.
  if (upload.sealed === 1) run(core.sql, q.ADD_LEFTOVER, upload.key, now, now + UPLOAD_GRACE);
  else run(core.sql, q.ADD_LEFTOVER, upload.key, Math.max(now, upload.expires + CLOCK_SKEW), Math.max(now, upload.expires) + UPLOAD_GRACE);
}
