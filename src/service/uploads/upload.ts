// Writing bytes: a reservation with a signed URL, or a stream through the service.
import { Fault } from '../../faults.ts';
import type { Reserve, Reserved } from '../../durable/space/port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { JobId } from '../../model/job.ts';
import { formatKeyRange } from '../../model/key-range.ts';
import { PARTS_LIFE, PUT_URL_LIFE } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import { randomText } from '../../model/secret.ts';
import { allows as scopesAllow } from '../../model/scopes.ts';
import { AUTO, formatVosUri, NULL, parsePath, type NodePath, type Segment } from '../../model/vos-uri.ts';
import type { ObjectInfo, ObjectKey, PutRequest, StoreContainer } from '../../objects/port.ts';
import { follow, type Step } from '../links.ts';
import { withinStreams } from './open-streams.ts';
import { withName } from '../nodes/nodes.ts';
import { METRICS } from '../metrics.ts';
import type { Services } from '../services.ts';
import type { Ticket } from '../tickets.ts';
import { uploadKey } from './urls.ts';

/** An upload that waits for bytes. */
export interface Reservation {
  readonly upload: string;
  readonly space: SpaceId;
  /** Where the links led. */
  readonly path: NodePath;
  readonly container: StoreContainer;
  readonly key: ObjectKey;
  /** Epoch milliseconds. */
  readonly expires: number;
  readonly created: boolean;
}

export interface ReserveOptions extends Pick<Reserve, 'condition' | 'asked'> {
  /** A URL for the key will be given away. */
  readonly signed: boolean;
  readonly length: number | undefined;
  /** pushToVoSpace: "its node properties SHALL be cleared"; and data sent to a container goes inside it. */
  readonly clears: boolean;
  /** Told when the upload ends; repeating the reservation for the same job answers the same upload. */
  readonly job?: JobId | undefined;
  /** The upload's own name, for bytes that are brought in steps: repeating the reservation answers the same upload. */
  readonly named?: string | undefined;
}

export async function reserve(services: Services, path: NodePath, principal: Principal, options: ReserveOptions): Promise<Reservation> {
  const { authority } = services.config;
  if (path.at(-1) === NULL)
    throw new Fault('InvalidArgument', `${formatVosUri({ authority, path })}: the bit bucket has no place for bytes to be sent to`);
  const fresh = freshUpload(services, options);
  type Arrived = { readonly space: SpaceId; readonly reserved: Extract<Reserved, { kind: 'reserved' }> };
  const step = async (at: NodePath): Promise<Step<Arrived>> =>
    services.spaces.at(at, principal, 'create', async ({ id: space, space: port, call }): Promise<Step<Arrived>> => {
      const request: Reserve = { ...fresh, replaces: mayReplace(principal, at), ...options };
      const reserved = await port.reserve(call, request);
      if (reserved.kind === 'container') {
        if (!options.clears) throw new Fault('InvalidArgument', `${call.uri} is a container, which has no bytes`);
        return { kind: 'link', target: formatVosUri({ authority, path: withName([...at, AUTO as Segment]) }), rest: [] };
      }
      return reserved.kind === 'link' ? reserved : { kind: 'arrived', value: { space, reserved } };
    });
  const { path: found, value } = await follow(authority, withName(path), step);
  const container = value.reserved.prepared
    ? value.reserved.container
    : await prepare(services, value.space, value.reserved.container).catch(async (error: unknown) => {
        await abandon(services, value.space, fresh.id);
        throw error;
      });
  // A repeated reservation has the name that the first one chose.
  const path0 = value.reserved.repeats ? parsePath(value.reserved.path.map(encodeURIComponent).join('/')) : found;
  const { id: upload, key, expires } = fresh;
  return { upload, space: value.space, path: path0, container, key, expires, created: value.reserved.created };
}

/** A name that no upload has had, or that of its job; where its bytes go, and until when. */
export function freshUpload(services: Services, { signed, asked, job, named }: ReserveOptions): Pick<Reserve, 'id' | 'key' | 'expires'> {
  const id = job ?? named ?? randomText(18);
  const life = asked?.parts ? PARTS_LIFE : PUT_URL_LIFE;
  const key = asked?.parts ? formatKeyRange(`in/${id}/`, asked.parts.count) : signed ? uploadKey(id) : `o/${id}`;
  return { id, key: key as ObjectKey, expires: services.clock() + life };
}

/** Whether the token, too, lets its user replace what is there. */
export function mayReplace(principal: Principal, path: NodePath): boolean {
  return principal.kind === 'user' && scopesAllow(principal.scopes, 'modify', path);
}

/** Makes the Swift container of a Space that has not stored anything yet. */
export async function prepare(services: Services, space: SpaceId, container: StoreContainer): Promise<StoreContainer> {
  const prepared = { name: container.name, epoch: await services.keys.epoch() };
  await services.objects.prepare(prepared);
  await services.spaces.space(space).prepared(prepared.epoch);
  return prepared;
}

export async function signUpload(services: Services, reservation: Reservation): Promise<string> {
  const { container, key, expires } = reservation;
  return services.objects.sign({ method: 'PUT', container, key, expires: Math.floor(expires / 1000) });
}

/** Streams bytes to a node. They are committed when this resolves; when it throws, nothing of them is left. */
export async function uploadThrough(
  services: Services,
  path: NodePath,
  principal: Principal,
  request: PutRequest,
  condition?: Reserve['condition'],
): Promise<{ readonly info: ObjectInfo; readonly path: NodePath }> {
  if (request.length !== undefined && request.length > services.objects.maxPut) {
    throw new Fault(
      'RequestEntityTooLarge',
      `at most ${services.objects.maxPut} bytes in one request: send the file in parts (POST /uploads)`,
    );
  }
  return toTheEnd(services, principal.kind === 'user' ? principal.id : '', request, async () => {
    const reservation = await reserve(services, path, principal, {
      signed: false,
      length: request.length,
      clears: false,
      ...(condition && { condition }),
    });
    try {
      const info = await whileAlive(services, reservation.space, reservation.upload, 0, () =>
        services.objects.put(reservation.container, reservation.key, request),
      );
      await commitStreamed(services, reservation.space, reservation.upload, 0, info);
      return { info, path: reservation.path };
    } catch (error) {
      await abandon(services, reservation.space, reservation.upload);
      throw error;
    }
  });
}

/** A client that goes away ends its request, and with it all work that was not promised to go on: the end of an upload is. */
function toTheEnd<T>(services: Services, who: string, { length }: PutRequest, run: () => Promise<T>): Promise<T> {
  const work = withinStreams(who, length, run);
  services.later(work.catch(() => undefined));
  return work;
}

/** Milliseconds between two signs of life of a stream: several within the lease that the Space gives it. */
const BEAT = 120_000;

async function whileAlive<T>(services: Services, space: SpaceId, upload: string, attempt: number, run: () => Promise<T>): Promise<T> {
  const beat = setInterval(
    () =>
      void services.spaces
        .space(space)
        .renew(upload, attempt)
        .catch(() => undefined),
    BEAT,
  );
  try {
    return await run();
  } finally {
    clearInterval(beat);
  }
}

/** The row's deadline does the same should this call be lost. */
export async function abandon(services: Services, space: SpaceId, upload: string): Promise<void> {
  await services.spaces
    .space(space)
    .fail(upload, { result: 'TransferFailed', detail: 'the upload broke off' })
    .catch(() => undefined);
}

/** Streams bytes into an upload that was negotiated: the endpoint of the service itself. */
export async function uploadReserved(services: Services, { space, upload, user }: Ticket, request: PutRequest): Promise<ObjectInfo> {
  const port = services.spaces.space(space);
  return toTheEnd(services, user, request, async () => {
    const claim = await port.take(upload);
    if (claim.kind === 'closed')
      throw new Fault(
        claim.outcome.result === 'committed' ? 'Conflict' : 'NodeNotFound',
        'this endpoint has been used, or its time is over',
      );
    if (claim.kind === 'waiting') throw new Fault('NodeBusy', 'another request is sending to this endpoint');
    try {
      const info = await whileAlive(services, space, upload, claim.attempt, () =>
        services.objects.put(claim.container, claim.sealTo, request),
      );
      await commitStreamed(services, space, upload, claim.attempt, info);
      return info;
    } catch (error) {
      await port.release(upload, claim.attempt).catch(() => undefined);
      throw error;
    }
  });
}

async function commitStreamed(services: Services, space: SpaceId, upload: string, attempt: number, info: ObjectInfo): Promise<void> {
  const outcome = await services.spaces.space(space).commit(upload, attempt, { ...info, keeps: false });
  METRICS.uploads.add({ result: outcome.result });
  if (outcome.result !== 'committed') throw new Fault(outcome.result, outcome.detail);
}
