// Uploads: reserve a key, claim the right to settle, commit what was sealed. A node swings to its bytes in one transaction.
import { Fault } from '../../../faults.ts';
import { DEFAULT_RESERVE, MAX_PENDING, UPLOAD_GRACE } from '../../../model/limits.ts';
import { hasBytes, type NodeType, type PropertyInput } from '../../../model/node.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { formatDigest, PARTS_DIGEST } from '../../../model/parts-digest.ts';
import { formatTime, MAX_PROPERTIES, TYPE } from '../../../model/property.ts';
import { illegalCharacter } from '../../../model/text.ts';
import type { ObjectKey, StoreContainer } from '../../../objects/port.ts';
import { first, run } from '../../sql.ts';
import { accessOf, audit, meta, propertiesOf, userOf, type Core } from '../core.ts';
import { checkStays } from '../relocation/frozen.ts';
import { oweExtraction } from './extraction.ts';
import { firstChanges, inherited, insertNode, touch } from '../nodes/nodes.ts';
import type { Call, Claim, Outcome, Reserve, Reserved, Sealed } from '../port.ts';
import { dropProperties, writeProperties } from '../nodes/properties.ts';
import { fixedBy, isAttached, pathOf } from '../nodes/above.ts';
import { askedOf, noteAsked } from './asked.ts';
import { isKnown } from './known-keys.ts';
import * as q from '../queries.ts';
import { charge, checkRoom, limited, roomLeft } from '../nodes/quotas.ts';
import { abandonKey, closeUpload, dropNode, markEnded, releaseObject } from '../nodes/removal.ts';
import { grow } from '../nodes/sizes.ts';
import { checkChangeable, lastOf, walk } from '../nodes/walk.ts';

/** What stores say of bytes whose type nobody has told. */
const DEFAULT_TYPE = 'application/octet-stream';
/** How long an attempt to settle has the upload to itself at most: longer than its calls to the store may take together. */
export const LEASE = 90_000;
/** The same for the first attempt, and twice as long for each one after it: few are slow, and one that was killed is not waited for. */
const FIRST_LEASE = 8000;
/** The same for a request that streams the bytes, and the end of a proxied upload, should the Worker that streams it have died. */
const STREAM_LEASE = 600_000;
/** Characters of a media type; a longer one is not kept. */
const MAX_TYPE = 1000;
/** The store is asked for one upload at most so often because somebody looks at its node. */
const LOOK_AGAIN = 500;

export function storeContainer(core: Core): StoreContainer {
  return { name: `vos-${meta(core, 'id') ?? ''}`, epoch: Number(meta(core, 'epoch') ?? 0) };
}

export function reserveUpload(core: Core, call: Call, request: Reserve): Reserved {
  const owner = userOf(call.principal, call.uri);
  const known = (request.job ?? request.named) && first(core.sql, q.GET_UPLOAD, request.id);
  if (known) return repeated(core, known, call);
  const walked = walk(core, call);
  const last = lastOf(walked.chain);
  if (last.type === 'LinkNode') {
    if (!allows(accessOf(core, last.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
    return { kind: 'link', target: last.target ?? '', rest: walked.missing };
  }
  if (walked.missing.length > 1 || (walked.missing.length === 1 && last.type !== 'ContainerNode'))
    throw new Fault('ContainerNotFound', call.uri);
  if (!allows(accessOf(core, last.access), call.principal, 'write')) throw refusal(call.principal, call.uri);
  checkStays(core, call, walked.chain);
  checkChangeable(call, walked.chain);
  const created = walked.missing.length === 1;
  if (!created && last.type === 'ContainerNode') return { kind: 'container' };
  if (!created && !hasBytes(last.type as NodeType)) throw new Fault('InvalidArgument', `${call.uri} is a ${last.type}, which has no bytes`);
  if (!created && last.pending === 0 && !request.replaces)
    throw new Fault('PermissionDenied', `${call.uri}: the token's scopes do not cover replacing it`);
  checkCondition(request, created ? undefined : last, call.uri);
  const open = first(core.sql, q.OPEN_UPLOADS, owner)?.count ?? 0;
  if (open >= MAX_PENDING) throw new Fault('TooManyRequests', `${MAX_PENDING} uploads are under way already`, { 'Retry-After': '60' });

  // What replaces bytes needs room for its growth; what does not state its length, for at least one byte.
  const charged = limited(core, last.id);
  const growth = request.length === undefined ? 1 : Math.max(0, request.length - (created ? 0 : last.size));
  if (growth > 0) checkRoom(core, charged, growth, call.uri);
  const reserved = request.length === undefined ? Math.min(DEFAULT_RESERVE, roomLeft(core, charged)) : growth;
  const id = created ? insertPending(core, call, last, owner) : last.id;
  const node = created ? undefined : last;
  const now = core.clock();
  const deadline = request.signed ? request.expires + UPLOAD_GRACE : now + (request.named === undefined ? STREAM_LEASE : UPLOAD_GRACE);
  // An upload in parts is committed when its client says that they are all there.
  const check = request.signed && !request.asked?.parts ? now + 60_000 : deadline;
  run(
    core.sql,
    q.ADD_UPLOAD,
    request.id,
    id,
    node?.next_generation ?? 1,
    owner,
    request.key,
    request.signed ? 0 : 1,
    request.clears ? 1 : 0,
    request.length ?? null,
    reserved,
    now,
    request.expires,
    deadline,
    check,
    request.condition ? (node?.generation ?? 0) : null,
    request.job ?? null,
  );
  if (request.asked) noteAsked(core, request.id, request.asked);
  run(core.sql, q.NEXT_GENERATION, id);
  charge(core, limited(core, id), reserved);
  const container = storeContainer(core);
  return { kind: 'reserved', container, prepared: container.epoch > 0, path: call.path, created };
}

/** The answer to the first reservation was lost, and its job asks again. */
function repeated(core: Core, { node, outcome, principal }: q.UploadRow, call: Call): Reserved {
  if (principal !== userOf(call.principal, call.uri)) throw refusal(call.principal, call.uri);
  if (outcome !== null) throw new Fault('TransferFailed', 'the upload has ended');
  const container = storeContainer(core);
  return {
    kind: 'reserved',
    container,
    prepared: container.epoch > 0,
    path: [meta(core, 'name') ?? '', ...pathOf(core, node)],
    created: false,
    repeats: true,
  };
}

/** `*` stands for any bytes at all. A node that has none yet has no entity tag. */
function checkCondition({ condition }: Reserve, node: q.NodeRow | undefined, uri: string): void {
  if (!condition) return;
  const there = node !== undefined && node.object !== null;
  const has = (tags: readonly string[]): boolean => there && (tags.includes('*') || (node.md5 !== null && tags.includes(node.md5)));
  if ((condition.match && !has(condition.match)) || (condition.noneMatch && has(condition.noneMatch)))
    throw new Fault('PreconditionFailed', `${uri}: its bytes are not what If-Match or If-None-Match asks for`);
}

function insertPending(core: Core, call: Call, parent: q.NodeRow, owner: string): number {
  const name = call.path.at(-1) ?? '';
  const creation = { type: 'DataNode', properties: [] } as const;
  const { access, changes } = firstChanges(call, creation, inherited(accessOf(core, parent.access), owner));
  touch(core, parent.id);
  return insertNode(core, parent.id, name, creation, access, changes, true).id;
}

/**
 * Who claims an upload. `look`: somebody who looks whether its bytes have arrived. `insist`: the same for a client that knows they have, and
 * does not wait because of a look that was in vain. `stream`: a request that brings the bytes itself; it takes over from a look, whose commit
 * the attempt then fences, and only another such keeps it out.
 */
export type Claimant = 'look' | 'insist' | 'stream';

export function claimUpload(core: Core, id: string, by: Claimant = 'look'): Claim {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (!upload) return { kind: 'closed', outcome: { result: 'NodeNotFound', detail: 'the upload is not known' } };
  if (upload.outcome !== null)
    return { kind: 'closed', outcome: { result: upload.outcome as Outcome['result'], detail: upload.detail ?? '' } };
  const now = core.clock();
  // The service's own endpoint lives as long as the signed URL beside it.
  if (by === 'stream' && now > upload.expires)
    return { kind: 'closed', outcome: { result: 'NodeNotFound', detail: 'the time of this endpoint is over' } };
  const passable = { look: 0, insist: LOOK_AGAIN, stream: LEASE };
  const isHeld = upload.lease - passable[by] > now;
  // Bytes of a proxied upload are committed by the request that brought them, or never.
  if (isHeld || ((upload.sealed === 1 || upload.part_size !== null) && now < upload.deadline)) return { kind: 'waiting' };
  const lease = by === 'stream' ? STREAM_LEASE : Math.min(LEASE, FIRST_LEASE * 2 ** upload.attempt);
  const next = Math.max(now + lease, nextLook(upload, now));
  run(core.sql, q.LEASE_UPLOAD, now + lease, next, id);
  const attempt = upload.attempt + 1;
  const sealTo = `o/${id}-${attempt}` as ObjectKey;
  const sealing = by !== 'look';
  if (sealing) expectKey(core, sealTo, lease);
  return {
    kind: 'claimed',
    attempt,
    container: storeContainer(core),
    key: upload.key as ObjectKey,
    sealed: upload.sealed === 1,
    sealTo,
    last: now >= upload.deadline,
    sealing,
    asked: askedOf(upload),
  };
}

/** Whether the attempt still has the upload to itself, and may go on to seal it. */
export function beginSeal(core: Core, id: string, attempt: number): boolean {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (upload?.attempt !== attempt || upload.outcome !== null) return false;
  expectKey(core, `o/${id}-${attempt}`, LEASE);
  return true;
}

/** If the attempt is lost after it has written there, the sweep finds what it made. */
export function expectKey(core: Core, key: string, lease: number): void {
  run(core.sql, q.ADD_LEFTOVER, key, core.clock() + lease + UPLOAD_GRACE, null);
}

/** More and more seldom, and once at the deadline. */
function nextLook(upload: q.UploadRow, now: number): number {
  return Math.min(now + Math.min(3_600_000, Math.max(60_000, Math.floor((now - upload.created) / 2))), upload.deadline);
}

/** A stream is still at it: neither its lease nor the deadline of its upload ends for now. */
export function renewUpload(core: Core, id: string, attempt: number): void {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (upload?.attempt !== attempt || upload.outcome !== null) return;
  const until = core.clock() + STREAM_LEASE;
  run(core.sql, q.RENEW_UPLOAD, until, Math.max(upload.deadline, until), until, id);
}

export function releaseUpload(core: Core, id: string, attempt: number): void {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (upload?.attempt !== attempt || upload.outcome !== null) return;
  const now = core.clock();
  if (upload.part_size !== null) return void run(core.sql, q.RELEASE_UPLOAD, now, upload.deadline, id);
  // A long lease had put off the next look, too.
  run(core.sql, q.RELEASE_UPLOAD, now + LOOK_AGAIN - 1, Math.max(now + 60_000, nextLook(upload, now)), id);
}

/** The node swings to the bytes if this upload is newer than what is committed and its quotas allow it; else the upload ends. */
export function commitUpload(core: Core, id: string, attempt: number, sealed: Sealed): Outcome {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (!upload) return { result: 'NodeNotFound', detail: 'the upload is not known' };
  if (upload.outcome !== null) {
    // Too late: what was brought belongs to nobody, unless this very commit is being repeated.
    if (!isKnown(core, sealed.key)) run(core.sql, q.ADD_LEFTOVER, sealed.key, core.clock(), null);
    return { result: upload.outcome as Outcome['result'], detail: upload.detail ?? '' };
  }
  // Not the upload's outcome: that is the other attempt's to find.
  if (upload.attempt !== attempt) throw new Fault('NodeBusy', 'another attempt has taken over');
  const node = first(core.sql, q.GET_NODE, upload.node);
  if (!node || !isAttached(core, node)) return endUpload(core, upload, { result: 'NodeNotFound', detail: 'the node was deleted' });
  if (upload.expects !== null && upload.expects !== node.generation)
    return endUpload(core, upload, { result: 'PreconditionFailed', detail: 'other bytes have been committed meanwhile' });
  if (upload.generation <= node.generation)
    return endUpload(core, upload, { result: 'NodeBusy', detail: 'a later upload has been committed' });
  // What was reserved before the node was fixed does not change it after.
  const fixed = fixedBy(core, node);
  if (fixed) return endUpload(core, upload, fixed);
  const charged = limited(core, node.id);
  try {
    // A quota may have been lowered below what is used: shrinking is always allowed.
    if (sealed.size > node.size) checkRoom(core, charged, sealed.size - node.size - upload.reserved, `upload of ${sealed.size} bytes`);
  } catch (error) {
    return endUpload(core, upload, { result: 'QuotaExceeded', detail: error instanceof Fault ? error.detail : '' });
  }

  const object = first(core.sql, q.ADD_OBJECT, sealed.key, sealed.keeps ? upload.key : null, sealed.size);
  const now = core.clock();
  run(core.sql, q.SET_BYTES, object?.id ?? null, sealed.size, sealed.md5 ?? null, now, now, upload.generation, node.id);
  run(core.sql, q.DROP_LEFTOVER, sealed.key);
  markEnded(core, upload, { result: 'committed', detail: '' });
  run(core.sql, q.END_UPLOAD, node.id);
  charge(core, charged, -upload.reserved);
  grow(core, node.parent, sealed.size - node.size);
  if (upload.clears === 1 && node.pending === 0) dropProperties(core, node.id);
  const digest = sealed.digest === undefined ? [] : [{ uri: PARTS_DIGEST, value: formatDigest(sealed.digest, formatTime(now)) }];
  writeProperties(core, node.id, [...typeProperty(core, node.id, sealed.type), ...digest], MAX_PROPERTIES + 2);
  if (node.object !== null) releaseObject(core, node.object);
  oweExtraction(core, node, upload.id);
  if (!sealed.keeps && upload.sealed === 0) abandonKey(core, upload);
  audit(core, upload.principal, 'write', [meta(core, 'name') ?? '', ...pathOf(core, node.id)], `${sealed.size} bytes`);
  return { result: 'committed', detail: '' };
}

export function failUpload(core: Core, id: string, outcome: Outcome): Outcome {
  const upload = first(core.sql, q.GET_UPLOAD, id);
  if (!upload) return outcome;
  if (upload.outcome !== null) return { result: upload.outcome as Outcome['result'], detail: upload.detail ?? '' };
  return endUpload(core, upload, outcome);
}

/** A node that only this upload was to fill goes with it: a failed upload leaves no empty file. */
function endUpload(core: Core, upload: q.UploadRow, outcome: Outcome): Outcome {
  closeUpload(core, upload, outcome, limited(core, upload.node));
  const node = first(core.sql, q.GET_NODE, upload.node);
  if (node?.pending === 1 && node.uploads === 0) {
    dropNode(core, node, limited(core, node.parent));
    if (node.parent !== null) touch(core, node.parent);
  }
  return outcome;
}

/** The type as a property, where it is worth keeping: the stores' default says nothing, and does not replace what is known. */
export function typeProperty(core: Core, node: number, type: string | undefined): readonly PropertyInput[] {
  if (type === undefined || type.length > MAX_TYPE || illegalCharacter(type) !== undefined) return [];
  if (type === DEFAULT_TYPE && propertiesOf(core, node).some(({ uri }) => uri === TYPE)) return [];
  return [{ uri: TYPE, value: type }];
}
