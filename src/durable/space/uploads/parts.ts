// Uploads in parts: what was stated of them, where they stand, and the right to put them together.
import type { ObjectKey } from '../../../objects/port.ts';
import { all, first, run } from '../../sql.ts';
import { pathOf } from '../nodes/above.ts';
import { askedOf } from './asked.ts';
import { meta, userOf, type Core } from '../core.ts';
import type { OpenState, UploadState } from './parts-port.ts';
import { OPEN_OF } from './parts-queries.ts';
import type { Call, Claim, Outcome } from '../port.ts';
import * as q from '../queries.ts';
import { expectKey, LEASE, storeContainer } from './uploads.ts';

export function stateOf(core: Core, id: string): UploadState | undefined {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (!upload) return undefined;
  const node = first(core.sql, q.GET_NODE, upload.node);
  const committed = upload.outcome === 'committed' && node?.generation === upload.generation ? node : undefined;
  return {
    path: node && [meta(core, 'name') ?? '', ...pathOf(core, node.id)],
    principal: upload.principal,
    length: upload.length ?? undefined,
    asked: askedOf(upload),
    container: storeContainer(core),
    key: upload.key as ObjectKey,
    expires: upload.expires,
    deadline: upload.deadline,
    outcome: outcomeOf(upload),
    size: committed?.size,
    md5: committed?.md5 ?? undefined,
  };
}

export function openUploads(core: Core, call: Call, most: number): readonly OpenState[] {
  const found: OpenState[] = [];
  for (const { id } of all(core.sql, OPEN_OF, userOf(call.principal, call.uri))) {
    const state = stateOf(core, id);
    const isBelow = state?.path !== undefined && call.path.every((name, index) => name === state.path?.[index + 1]);
    if (state && isBelow) found.push({ id, state });
    if (found.length === most) break;
  }
  return found;
}

export function claimParts(core: Core, id: string): Claim {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (!upload) return { kind: 'closed', outcome: { result: 'NodeNotFound', detail: 'the upload is not known' } };
  const outcome = outcomeOf(upload);
  if (outcome) return { kind: 'closed', outcome };
  const until = core.clock() + LEASE;
  run(core.sql, q.LEASE_UPLOAD, until, Math.max(upload.deadline, until), id);
  const attempt = upload.attempt + 1;
  const sealTo = `o/${id}-${attempt}` as ObjectKey;
  expectKey(core, sealTo, LEASE);
  return {
    kind: 'claimed',
    attempt,
    container: storeContainer(core),
    key: upload.key as ObjectKey,
    sealed: false,
    sealTo,
    last: false,
    sealing: true,
    asked: askedOf(upload),
  };
}

function outcomeOf({ outcome, detail }: q.UploadRow): Outcome | undefined {
  return outcome === null ? undefined : { result: outcome as Outcome['result'], detail: detail ?? '' };
}
