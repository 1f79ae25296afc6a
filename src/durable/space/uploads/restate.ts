// Uploads whose bytes a Carrier brings: it learns only from their source how many they are, and in how many pieces they come.
import { JOB_LIFE, UPLOAD_GRACE } from '../../../model/limits.ts';
import { readKeyRange } from '../../../model/key-range.ts';
import { first, run } from '../../sql.ts';
import { noteAsked } from './asked.ts';
import type { Core } from '../core.ts';
import type { Restated } from './parts-port.ts';
import * as parts from './parts-queries.ts';
import * as q from '../queries.ts';
import { charge, checkRoom, limited } from '../nodes/quotas.ts';

/** False: the upload has ended. The pieces of an earlier source are left to the sweep. Throws QuotaExceeded, and then changes nothing. */
export function restateUpload(core: Core, id: string, { key, length, asked }: Restated): boolean {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  const node = upload && first(core.sql, q.GET_NODE, upload.node);
  if (!upload || !node || upload.outcome !== null) return false;
  const charged = limited(core, node.id);
  const reserved = length === undefined ? upload.reserved : Math.max(0, length - node.size);
  const more = reserved - upload.reserved;
  if (more > 0) checkRoom(core, charged, more, `upload of ${length} bytes`);
  charge(core, charged, more);
  const now = core.clock();
  const deadline = now + JOB_LIFE;
  run(core.sql, parts.RESTATE, key, length ?? null, reserved, deadline, deadline, id);
  noteAsked(core, id, asked);
  // A piece may be on its way yet.
  if (upload.key !== key && readKeyRange(upload.key)) run(core.sql, q.ADD_LEFTOVER, upload.key, now, now + UPLOAD_GRACE);
  return true;
}
