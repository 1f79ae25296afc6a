// Carries bytes from a source into an upload: at most one segment, or everything that is not larger or cannot be divided, per call.
import { asFault, Fault } from '../../faults.ts';
import type { Outcome, Sealed } from '../../durable/space/port.ts';
import { formatKeyRange } from '../../model/key-range.ts';
import { SEGMENT } from '../../model/limits.ts';
import { partSize, type PartPlan } from '../../model/part-plan.ts';
import { Md5, type Md5State } from '../../model/md5.ts';
import type { Progress } from '../../model/job.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { ObjectInfo, ObjectKey, StoreContainer } from '../../objects/port.ts';
import { receive } from './guarded-fetch.ts';
import type { Incoming } from './outside.ts';
import { METRICS } from '../metrics.ts';
import type { Services } from '../services.ts';
import { differing, takeDigests, type Algorithm, type Digests } from './digests.ts';
import { openRange, openSource, type Opened, type Pin, type Source } from './source.ts';
import { planSegments } from './segments.ts';
import { Trouble } from './trouble.ts';

/** Where the bytes are to go: an upload that is reserved and that nobody else brings bytes for; JSON. */
export interface Place {
  readonly space: SpaceId;
  readonly upload: string;
  readonly container: StoreContainer;
}

/** How far the bytes of one source have come; JSON, kept between two calls. */
export interface Course {
  readonly pin: Pin;
  readonly plan: PartPlan;
  /** Before the numbers of the segments' keys. */
  readonly prefix: string;
  /** Of the segments that are there, in their order. */
  readonly etags: readonly string[];
  /** MD5 of all of them, as far as it has come, where one was stated. */
  readonly md5?: Md5State;
}

export interface Haul {
  readonly source: Source;
  readonly place: Place;
  /** Tells the keys of one source from those of another for the same upload. */
  readonly round: number;
  readonly expects: { readonly size?: number | undefined; readonly digests: Digests };
  readonly course: Course | undefined;
  readonly tell: (progress: Progress) => void;
}

/** Done: the upload has ended, well or not. */
export type Brought = { readonly kind: 'more'; readonly course: Course } | { readonly kind: 'done'; readonly outcome: Outcome };

/**
 * Safe to repeat, and to lose at any line. Throws Trouble for what the source does, and a Fault for what the store or the Space does. Bytes
 * become the node's only when their length is what the source said, the store still has each piece by the MD5 that it gave it, and every
 * checksum that was stated is right.
 */
export async function bring(services: Services, haul: Haul): Promise<Brought> {
  const { place, course } = haul;
  const [state] = await services.spaces.space(place.space).uploadStates([place.upload]);
  if (!state) return { kind: 'done', outcome: { result: 'NodeNotFound', detail: 'the upload is not known' } };
  if (state.outcome) return { kind: 'done', outcome: state.outcome };
  if (!course) return begin(services, haul);
  if (course.etags.length < course.plan.count) return { kind: 'more', course: await nextSegment(services, haul, course) };
  return { kind: 'done', outcome: await assemble(services, haul, course) };
}

async function begin(services: Services, haul: Haul): Promise<Brought> {
  const opened = await openSource(haul.source, SEGMENT);
  const { pin, incoming } = opened;
  try {
    const { size } = pin;
    check(incoming.host, pin, haul);
    if (opened.isWhole) return { kind: 'done', outcome: await bringWhole(services, haul, opened) };
    const plan = planSegments(size ?? 0, await services.objects.limits());
    const prefix = `o/${haul.place.upload}/${haul.round}/`;
    await restate(services, haul, { key: formatKeyRange(prefix, plan.count) as ObjectKey, pin, plan });
    const md5 = haul.expects.digests.md5 ?? pin.digests.md5;
    const course: Course = { pin, plan, prefix, etags: [], ...(md5 !== undefined && { md5: new Md5().state() }) };
    // What has been opened is the first segment, unless so large a source needs larger ones.
    const first = plan.size === SEGMENT ? incoming : undefined;
    if (!first) await incoming.response.body?.cancel();
    return { kind: 'more', course: await nextSegment(services, haul, course, first) };
  } catch (error) {
    incoming.stop(error);
    throw error;
  }
}

async function nextSegment(services: Services, haul: Haul, course: Course, opened?: Incoming): Promise<Course> {
  const { pin, plan, etags, prefix } = course;
  const number = etags.length + 1;
  const size = partSize(pin.size ?? 0, plan, number);
  const before = plan.size * etags.length;
  const incoming = opened ?? (await openRange(haul.source, pin, before, before + size - 1));
  const running = course.md5 && Md5.resume(course.md5);
  const key = `${prefix}${number}` as ObjectKey;
  const { info } = await put(services, haul, {
    incoming,
    key,
    length: size,
    type: undefined,
    before,
    total: pin.size,
    algorithms: [],
    running,
  });
  return { ...course, etags: [...etags, info.etag], ...(running && { md5: running.state() }) };
}

async function bringWhole(services: Services, haul: Haul, { pin, incoming }: Opened): Promise<Outcome> {
  const { place, expects } = haul;
  const space = services.spaces.space(place.space);
  const { maxPut } = await services.objects.limits();
  if (pin.size !== undefined && pin.size > maxPut)
    throw new Fault('RequestEntityTooLarge', `${incoming.host} sends ${pin.size} bytes in one piece, of which the store takes ${maxPut}`);
  await restate(services, haul, { key: `o/${place.upload}` as ObjectKey, pin });
  const claim = await space.claimParts(place.upload);
  if (claim.kind === 'closed') return claim.outcome;
  if (claim.kind === 'waiting' || !(await space.beginSeal(place.upload, claim.attempt))) throw overtaken();
  const stated = { ...pin.digests, ...expects.digests };
  const algorithms = (['sha-256', 'sha-512'] as const).filter((name) => stated[name] !== undefined);
  const { info, digests } = await put(services, haul, {
    incoming,
    key: claim.sealTo,
    length: pin.size,
    type: pin.type,
    before: 0,
    total: pin.size,
    algorithms,
  });
  verify(incoming.host, haul, pin, digests);
  return commit(services, place, claim.attempt, { ...info, keeps: false });
}

async function assemble(services: Services, haul: Haul, course: Course): Promise<Outcome> {
  const { place } = haul;
  const { pin, plan, prefix, etags } = course;
  if (course.md5) verify('the source', haul, pin, { md5: Md5.resume(course.md5).hex() });
  const space = services.spaces.space(place.space);
  const claim = await space.claimParts(place.upload);
  if (claim.kind === 'closed') return claim.outcome;
  if (claim.kind === 'waiting' || !(await space.beginSeal(place.upload, claim.attempt))) throw overtaken();
  const segments = etags.map((etag, i) => ({ key: `${prefix}${i + 1}` as ObjectKey, etag, size: partSize(pin.size ?? 0, plan, i + 1) }));
  const info = await services.objects.assemble(claim.container, claim.sealTo, segments, pin.type).catch((error: unknown) => {
    if (asFault(error)?.fault === 'PreconditionFailed')
      throw new Trouble('the store has lost a segment', { lasting: false, startsAgain: true });
    throw error;
  });
  // The store knows the MD5 of each segment; that of the whole is known where one was stated, and was right.
  const md5 = haul.expects.digests.md5 ?? pin.digests.md5;
  return commit(services, place, claim.attempt, { ...info, md5, keeps: true });
}

async function commit(services: Services, { space, upload }: Place, attempt: number, sealed: Sealed): Promise<Outcome> {
  const outcome = await services.spaces.space(space).commit(upload, attempt, sealed);
  METRICS.uploads.add({ result: outcome.result });
  return outcome;
}

interface Piece {
  readonly incoming: Incoming;
  readonly key: ObjectKey;
  readonly length: number | undefined;
  readonly type: string | undefined;
  /** Bytes of the source that are there already. */
  readonly before: number;
  /** Bytes of the source, if known. */
  readonly total: number | undefined;
  /** Taken on the way. MD5 is not: the store tells that of every piece. */
  readonly algorithms: readonly Algorithm[];
  readonly running?: Md5 | undefined;
}

/** One piece into the store, whose MD5 of it must be that of the bytes that came. */
async function put(services: Services, haul: Haul, piece: Piece): Promise<{ readonly info: ObjectInfo; readonly digests: Digests }> {
  const { incoming, key, length, type, before, total, running } = piece;
  const { host } = incoming;
  const taking = takeDigests(piece.algorithms);
  const tap = async (bytes: Uint8Array): Promise<void> => {
    running?.update(bytes);
    await taking.tap(bytes);
  };
  const isTapped = running !== undefined || piece.algorithms.length > 0;
  const { maxPut } = await services.objects.limits();
  const told = (bytes: number): void => haul.tell({ bytes: before + bytes, ...(total !== undefined && { totalBytes: total }) });
  const { body, counted, flow } = receive(incoming, { most: length ?? maxPut, told, ...(isTapped && { tap }) });
  const info = await services.objects
    .put(haul.place.container, key, { body, length, ...(type !== undefined && { type }), ...(counted && { counted }) })
    .catch((error: unknown) => {
      incoming.stop(error);
      if (haul.source.signal.aborted) throw error;
      const { received, broken, ended } = flow() ?? { received: 0, broken: false, ended: false };
      if (received > (length ?? maxPut))
        throw new Trouble(`${host} sends more bytes than it said, or than the store takes`, { lasting: true });
      if (broken || (ended && length !== undefined && received < length))
        throw new Trouble(`${host} broke off after ${before + received} bytes`, { lasting: false });
      throw error;
    });
  const digests = { ...(await taking.end()), ...(info.md5 !== undefined && { md5: info.md5 }) };
  return { info, digests };
}

function check(host: string, { size, digests }: Pin, { expects }: Haul): void {
  if (size !== undefined && expects.size !== undefined && size !== expects.size)
    throw new Trouble(`${host} has ${size} bytes, and ${expects.size} were stated`, { lasting: true, mismatch: true });
  if (differing(expects.digests, digests))
    throw new Trouble(`${host} states another checksum than the transfer`, { lasting: true, mismatch: true });
}

function verify(host: string, { expects }: Haul, pin: Pin, found: Digests): void {
  const wrong = differing({ ...pin.digests, ...expects.digests }, found);
  if (wrong) throw new Trouble(`${host}: the bytes do not have the ${wrong} that was stated`, { lasting: true, mismatch: true });
}

async function restate(
  services: Services,
  { place }: Haul,
  { key, pin, plan }: { readonly key: ObjectKey; readonly pin: Pin; readonly plan?: PartPlan },
): Promise<void> {
  await services.spaces.space(place.space).restate(place.upload, { key, length: pin.size, asked: plan ? { parts: plan } : {} });
}

function overtaken(): Fault {
  return new Fault('ServiceBusy', 'another attempt has taken over');
}
