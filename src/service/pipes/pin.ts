// WriteChunk, before the pipe is told: what the names have at this moment is pinned where it lies, or by what the caller says of it.
import { Fault } from '../../faults.ts';
import type { Glance, NewChunk } from '../../durable/pipe/port.ts';
import type { Pin as SpacePin } from '../../durable/space/pipes/port.ts';
import { readAdoptedKey } from '../../model/adopted.ts';
import { pathOfChunk } from '../../model/chunk-name.ts';
import type { ChunkRequest } from '../../model/json/pipe-write.ts';
import { describePinned } from '../../model/pinned-chunk.ts';
import { makeHolder } from '../../model/pipe-holder.ts';
import { checkPipe } from '../../model/pipe-rights.ts';
import type { Principal } from '../../model/principal.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import { foreignOf } from '../downloads/stored.ts';
import { inParallel } from '../in-parallel.ts';
import type { Services } from '../services.ts';
import type { Place } from '../spaces.ts';
import { settleArrived } from '../uploads/settle.ts';
import { ownerOf } from './owner.ts';
import type { Pin, Pinning } from './write.ts';

type Pinned = Extract<SpacePin, { readonly kind: 'pinned' }>;

/** Nodes whose uploads are looked for at a time. */
const LOOKS = 8;
/** Times that another attempt to settle an upload is waited for, and milliseconds between two of them. */
const PATIENCE = 10;
const PAUSE = 100;

/**
 * One chunk for each name that is wanted. Throws ChunkNotFound, ChunkMismatch, OperationNotSupported, AuthRequired, NodeBusy while the first bytes
 * of a node are still on their way, and the faults of the source container. A refusal of one name refuses all, and holds nothing.
 */
export const pinNames: Pin = async (services, { definition }: Glance, caller, wanted): Promise<Pinning> => {
  checkPipe(definition, caller, 'write');
  const { source } = definition;
  if (source.kind === 'foreign') return { chunks: wanted.map(foreignChunk), release: async () => undefined };
  const owner = await ownerOf(services, definition);
  if (!owner) throw new Fault('AuthRequired', "the pipe's owner is not there any more");
  const pinnedAt = services.clock();
  const holder = makeHolder(definition.id, pinnedAt);
  return services.spaces.at(parseVosUri(source.uri).path, caller, 'read', async (place) => {
    const held = new Set<string>();
    const release = async (): Promise<void> => {
      if (held.size > 0) await place.space.letGo(holder, [...held]).catch(() => undefined);
    };
    try {
      const pins = await pinAll(services, place, owner, holder, wanted, held);
      const chunks = await inParallel(wanted, LOOKS, async (request, i) => {
        const pin = await lookAgain(services, request, pins[i] as Pinned);
        return chunkOf(request, pin, { space: place.id, home: pin.home, key: pin.key, holder });
      });
      return { chunks, pinnedAt, release };
    } catch (error) {
      services.later(release());
      throw error;
    }
  });
};

/** In the order of the names. Bytes that have arrived are committed first: the client says that they are there. */
async function pinAll(
  services: Services,
  { space, call }: Place,
  owner: Principal,
  holder: string,
  wanted: readonly ChunkRequest[],
  held: Set<string>,
): Promise<readonly Pinned[]> {
  const pins: Pinned[] = [];
  let open = [...wanted.keys()];
  let ahead: Promise<readonly SpacePin[]> | undefined;
  const ask = async (settled: boolean): Promise<readonly SpacePin[]> => {
    const paths = open.map((i) => pathOfChunk((wanted[i] as ChunkRequest).name));
    const found = await space.pinChunks(call, { holder, paths, settled }, owner);
    for (const pin of found) if (pin.kind === 'pinned') held.add(pin.key);
    return found;
  };
  // The question that follows a commit goes on its way behind it. Should it be there before, the answer is that the upload is under way.
  const askBehind = (): void => {
    ahead = ask(false);
    ahead.catch(() => undefined);
  };
  for (let left = PATIENCE, settled = false; open.length > 0; left--) {
    const found: readonly SpacePin[] = await (ahead ?? ask(settled));
    ahead = undefined;
    const refused = found.find((pin) => pin.kind === 'refused');
    if (refused) throw new Fault(refused.fault, refused.detail, refused.fault === 'NodeBusy' ? { 'Retry-After': '1' } : {});
    for (const [n, pin] of found.entries()) if (pin.kind === 'pinned') pins[open[n] ?? 0] = pin;
    const pending = found.filter((pin) => pin.kind === 'pending');
    open = open.filter((_, n) => found[n]?.kind === 'pending');
    const committing = open.length === 1 && left > 1 ? askBehind : undefined;
    const waits = await inParallel(pending, LOOKS, (pin) => settleArrived(space, services.objects, pin, committing));
    settled = left <= 1 || !waits.includes(true);
    if (!settled && !ahead) await scheduler.wait(PAUSE);
  }
  return pins;
}

/** An adopted object is what it is at this moment: others may have changed it since it was adopted, and may change it afterwards. */
async function lookAgain(services: Services, { name }: ChunkRequest, pin: Pinned): Promise<Pinned> {
  const adopted = readAdoptedKey(pin.key);
  if (!adopted) return pin;
  const found = await foreignOf(services).head(adopted.container, adopted.name as Pinned['key']);
  if (!found || found.form === 'link') throw new Fault('ChunkNotFound', `${name}: the object that it stands for is no longer in the store`);
  const { md5: _, ...known } = pin;
  return { ...known, size: found.size, ...(found.md5 !== undefined && { md5: found.md5 }) };
}

function chunkOf(request: ChunkRequest, pin: Pinned, pinned: Extract<NewChunk['bytes'], { kind: 'pinned' }>['pinned']): NewChunk {
  return { ...describePinned(request, pin), bytes: { kind: 'pinned', pinned } };
}

/** By what its caller says of it; the pipe learns the rest when it brings the bytes. */
function foreignChunk({ name, size, md5, type }: ChunkRequest): NewChunk {
  return {
    name,
    size: size ?? 0,
    ...(md5 !== undefined && { md5 }),
    ...(type !== undefined && { type }),
    bytes: { kind: 'foreign', sized: size !== undefined },
  };
}
