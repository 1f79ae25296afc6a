// What a Carrier does for chunks whose bytes are in this service already: the destination gets nodes of the same bytes, and nothing is moved.
import { asFault, Fault, type FaultName } from '../../faults.ts';
import type { Delivery, TaskReport, TravelChunk } from '../../durable/pipe/work/port.ts';
import type { Placed, Placing } from '../../durable/space/pipes/port.ts';
import { fromBase64 } from '../../model/base64.ts';
import { pathOfChunk } from '../../model/chunk-name.ts';
import { Md5 } from '../../model/md5.ts';
import { randomText } from '../../model/secret.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { ObjectKey } from '../../objects/port.ts';
import { inParallel } from '../in-parallel.ts';
import type { Services } from '../services.ts';
import type { Place } from '../spaces.ts';
import { prepare } from '../uploads/upload.ts';
import { checkSource, ownerOf } from './owner.ts';
import type { DoTask } from './take-tasks.ts';

type Item = Placing['items'][number];

/** Bytes of inline chunks that are sent to the store at a time. */
const PUTS = 8;
/** What passes by itself: the chunk stays in the queue. */
const LATER: ReadonlySet<FaultName> = new Set<FaultName>(['NodeBusy', 'ServiceBusy', 'TooManyRequests']);
const DENIED: ReadonlySet<FaultName> = new Set<FaultName>(['PermissionDenied', 'NotAuthenticated']);

export const placeTask: DoTask<'place'> = async (services, task) => {
  const { definition, chunks, until } = task;
  if (definition.destination.kind !== 'local') throw new Fault('InternalFault', 'nothing is placed in another VOSpace');
  const owner = await ownerOf(services, definition);
  if (!owner) return authRequired("the pipe's owner is not there any more");
  const { onConflict } = definition.options;
  const action = onConflict === 'overwrite' ? 'modify' : 'create';
  try {
    await checkSource(services, definition);
    const placed = await services.spaces.at(parseVosUri(definition.destination.uri).path, owner, action, async (place) => {
      const items = await itemsOf(services, place, chunks);
      return place.space.placeChunks(place.call, { pipe: definition.id, onConflict, until, items });
    });
    return { kind: 'delivered', deliveries: chunks.map(({ seq }, i) => deliveryOf(seq, placed[i])) };
  } catch (error) {
    const fault = asFault(error);
    if (fault && DENIED.has(fault.fault)) return authRequired(`the pipe's owner has lost a right: ${fault.fault} ${fault.detail}`);
    throw error;
  }
};

function authRequired(detail: string): TaskReport {
  return { kind: 'authRequired', detail };
}

function deliveryOf(seq: number, placed: Placed | undefined): Delivery {
  if (placed?.kind === 'placed') return { kind: 'ready', seq };
  if (!placed || LATER.has(placed.fault)) return { kind: 'later', seq };
  return { kind: 'dead', seq, fault: placed.fault, detail: placed.detail };
}

/** Inline bytes go to the store first, under keys that the sweep takes back unless nodes have them soon. */
async function itemsOf(services: Services, place: Place, chunks: readonly TravelChunk[]): Promise<Item[]> {
  const keys = new Map(
    chunks.flatMap(({ seq, bytes }) => (bytes.kind === 'inline' ? [[seq, `o/${randomText(18)}` as ObjectKey] as const] : [])),
  );
  if (keys.size > 0) await send(services, place, chunks, keys);
  return chunks.map(({ seq, name, size, md5, type, bytes }) => {
    const common = { path: pathOfChunk(name), size, ...(md5 !== undefined && { md5 }), ...(type !== undefined && { type }) };
    const key = keys.get(seq);
    if (key !== undefined) return { ...common, home: place.id, key, fresh: true };
    if (bytes.kind !== 'pinned') throw new Fault('InternalFault', `chunk ${seq} has no bytes here`);
    return { ...common, home: bytes.pinned.home, key: bytes.pinned.key };
  });
}

async function send(
  services: Services,
  { id, space }: Place,
  chunks: readonly TravelChunk[],
  keys: ReadonlyMap<number, ObjectKey>,
): Promise<void> {
  const expected = await space.expectBytes([...keys.values()]);
  const container = expected.epoch > 0 ? expected : await prepare(services, id, expected);
  await inParallel(chunks, PUTS, async ({ seq, bytes, type }) => {
    const key = keys.get(seq);
    if (key === undefined || bytes.kind !== 'inline') return;
    const data = fromBase64(bytes.data);
    const body = new Blob([data]).stream();
    const md5 = Md5.of(data);
    await services.objects.put(container, key, { body, length: data.length, md5, ...(type !== undefined && { type }) });
  });
}
