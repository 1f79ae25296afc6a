// Completes and aborts uploads: their bytes become one object, which the Space commits like that of any other upload. Safe to repeat.
import { asFault, Fault } from '../../faults.ts';
import type { Outcome } from '../../durable/space/port.ts';
import { readKeyRange } from '../../model/key-range.ts';
import { digestOf } from '../../model/parts-digest.ts';
import type { Principal } from '../../model/principal.ts';
import type { CompleteDocument, CompleteWish, ListItem, PresentPart, UploadDocument } from '../../model/uploads.ts';
import type { ObjectKey, Segment } from '../../objects/port.ts';
import { refusedBy } from '../batch.ts';
import { inParallel } from '../in-parallel.ts';
import { METRICS } from '../metrics.ts';
import type { Services } from '../services.ts';
import { findParts } from './parts.ts';
import { settle } from './settle.ts';
import { describeUpload, faultOf, openUpload, openUploads, type OpenUpload } from './state.ts';

/** Uploads of one list that are completed at a time. */
const AT_ONCE = 4;
/** Numbers of missing parts that a refusal names. */
const NAMED = 20;

export async function completeUpload(services: Services, principal: Principal, id: string, wish: CompleteWish): Promise<UploadDocument> {
  const open = await openUpload(services, principal, id);
  await toTheEnd(services, open, wish);
  return describeUpload(services, await openUpload(services, principal, id), undefined);
}

/** What is refused of one leaves the others alone. */
export async function completeUploads(
  services: Services,
  principal: Principal,
  items: readonly ListItem<CompleteWish>[],
): Promise<readonly CompleteDocument[]> {
  const ids = items.flatMap((item) => ('wish' in item ? [item.name] : []));
  const opened = new Map((await openUploads(services, principal, ids)).map((open, i) => [ids[i], open]));
  return inParallel(items, AT_ONCE, async (item): Promise<CompleteDocument> => {
    const id = item.name;
    if ('refused' in item) return { id, ...item.refused };
    try {
      const open = opened.get(id) ?? (await openUpload(services, principal, id));
      if ('fault' in open) return { id, fault: open.fault, detail: open.detail };
      await toTheEnd(services, open, item.wish);
      return { uri: open.uri, id, phase: 'COMPLETED', length: open.state.length ?? 0 };
    } catch (error) {
      const { fault, detail } = refusedBy(error);
      const seconds = asFault(error)?.headers['Retry-After'];
      return { id, fault, detail, ...(seconds !== undefined && { retryAfter: Number(seconds) }) };
    }
  });
}

/** Gives the reservation back; the bytes are swept. Throws Conflict when they have been committed. */
export async function abortUpload(services: Services, principal: Principal, id: string): Promise<void> {
  const { space, upload } = await openUpload(services, principal, id);
  const outcome = await space.fail(upload, { result: 'TransferFailed', detail: 'the upload was aborted' });
  if (outcome.result === 'committed') throw new Fault('Conflict', 'the upload has been completed');
}

/** A client that goes away does not end this. */
async function toTheEnd(services: Services, open: OpenUpload, wish: CompleteWish): Promise<void> {
  const work = complete(services, open, wish);
  services.later(work.catch(() => undefined));
  const outcome = await work;
  if (outcome.result !== 'committed') throw new Fault(faultOf(outcome.result), outcome.detail);
}

async function complete(services: Services, { space, upload, state }: OpenUpload, wish: CompleteWish): Promise<Outcome> {
  if (state.outcome) return state.outcome;
  if (state.asked.parts) return assemble(services, { space, upload, state }, wish);
  const settling = {
    insists: true,
    ...(state.length !== undefined && { length: state.length }),
    ...(wish.md5 !== undefined && { md5: wish.md5 }),
  };
  const outcome = await settle(space, services.objects, upload, settling);
  if (typeof outcome !== 'string') return outcome;
  if (outcome === 'waiting') throw overtaken();
  if (outcome === 'delayed') throw new Fault('ServiceBusy', 'the bytes could not be looked at just now', { 'Retry-After': '1' });
  throw new Fault('PreconditionFailed', 'the bytes have not arrived');
}

async function assemble(services: Services, open: Pick<OpenUpload, 'space' | 'upload' | 'state'>, wish: CompleteWish): Promise<Outcome> {
  const { space, upload, state } = open;
  const segments = await findSegments(services, open, wish);
  const [only, ...others] = segments;
  // The store says the MD5 of what came in one piece, and nobody the MD5 of the whole of several.
  const md5 = others.length === 0 ? only?.etag : undefined;
  const stated = wish.md5 ?? state.asked.md5;
  if (md5 !== undefined && stated !== undefined && md5 !== stated)
    return space.fail(upload, { result: 'PreconditionFailed', detail: 'the bytes do not have the stated MD5' });
  const claim = await space.claimParts(upload);
  if (claim.kind === 'closed') return claim.outcome;
  if (claim.kind === 'waiting') throw overtaken();
  try {
    const info = await services.objects.assemble(claim.container, claim.sealTo, segments, claim.asked.type);
    const digest = md5 === undefined ? partsDigest(segments) : undefined;
    const outcome = await space.commit(upload, claim.attempt, { ...info, md5, keeps: true, ...(digest !== undefined && { digest }) });
    METRICS.uploads.add({ result: outcome.result });
    return outcome;
  } catch (error) {
    await space.release(upload, claim.attempt).catch(() => undefined);
    const fault = asFault(error)?.fault;
    if (fault === 'NodeBusy') throw overtaken();
    if (fault === 'PreconditionFailed')
      throw new Fault(
        'PreconditionFailed',
        'a part has changed, is not what its etag says, or has a lifetime (X-Delete-At, X-Delete-After)',
      );
    throw error;
  }
}

/** All parts as the store or the client says they are; the store checks each once more. Throws PreconditionFailed that names those missing. */
async function findSegments(
  services: Services,
  { state }: Pick<OpenUpload, 'state'>,
  { etags }: CompleteWish,
): Promise<readonly Segment[]> {
  const { asked, key } = state;
  const { parts = { size: 0, count: 0 } } = asked;
  const prefix = readKeyRange(key)?.prefix ?? '';
  const numbers = Array.from({ length: parts.count }, (_, i) => i + 1);
  if (etags && etags.length !== parts.count)
    throw new Fault('InvalidArgument', `etags: the upload has ${parts.count} parts, and so many tags`);
  const present = new Map((await findParts(services, state, NAMED)).map((part) => [part.number, part]));
  const missing = numbers.filter((number) => !present.has(number));
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).join(', ') + (missing.length > NAMED ? ', …' : '');
    throw new Fault('PreconditionFailed', `missing, or not as long as they must be: parts ${named}`);
  }
  return numbers.map((number, i): Segment => {
    const { size, etag } = present.get(number) as PresentPart;
    return { key: `${prefix}${number}` as ObjectKey, size, etag: etags?.[i] ?? etag };
  });
}

/** Undefined where a store's entity tags are no MD5s. */
function partsDigest(segments: readonly Segment[]): string | undefined {
  const etags = segments.map(({ etag }) => etag);
  return etags.every((etag) => /^[0-9a-f]{32}$/.test(etag)) ? digestOf(segments[0]?.size ?? 0, etags) : undefined;
}

function overtaken(): Fault {
  return new Fault('NodeBusy', 'another request is completing this upload', { 'Retry-After': '1' });
}
