// Ends an upload: looks whether its bytes have arrived, seals them, and has the Space commit. Safe to repeat and to lose at any line.
import { asFault } from '../../faults.ts';
import type { Claim, Outcome, SpacePort } from '../../durable/space/port.ts';
import type { Principal } from '../../model/principal.ts';
import type { NodePath } from '../../model/vos-uri.ts';
import type { ObjectInfo, Objects, StoreContainer } from '../../objects/port.ts';
import { METRICS } from '../metrics.ts';
import type { Services } from '../services.ts';
import { uploadKey } from './urls.ts';

/** A reader waits at most so long for uploads that may have arrived, milliseconds. */
const PATIENCE = 1000;

/** `md5`, in hex, and `length`: what the bytes are to have. `insists`: the client says that they have arrived. */
export interface Settling {
  readonly insists?: boolean;
  readonly md5?: string;
  readonly length?: number;
}

/** What need not wait: who knows where the bytes must lie has the store asked at once, and is told when the Space is asked to commit. */
interface Ahead {
  readonly container: StoreContainer;
  readonly committing: () => void;
}

/** Why there is no outcome yet: the bytes are not there, another attempt is at it, or the store did not answer. */
export type Unsettled = 'absent' | 'waiting' | 'delayed';

export async function settle(
  space: SpacePort,
  objects: Objects,
  upload: string,
  settling: Settling = {},
  ahead?: Ahead,
): Promise<Outcome | Unsettled> {
  const claiming = space.claim(upload, settling.insists);
  const key = uploadKey(upload);
  const asked = ahead && objects.head(ahead.container, key, true);
  // Whoever has no claim has no use for it.
  asked?.catch(() => undefined);
  const claim = await claiming;
  if (claim.kind === 'closed') return claim.outcome;
  if (claim.kind === 'waiting') return 'waiting';
  try {
    const find = (): Promise<ObjectInfo | undefined> =>
      asked && claim.key === key ? asked : objects.head(claim.container, claim.key, true);
    const outcome = await settleClaimed(space, objects, { upload, claim, find, committing: ahead?.committing }, settling);
    if (typeof outcome !== 'string') METRICS.uploads.add({ result: outcome.result });
    return outcome;
  } catch (error) {
    // PreconditionFailed: the bytes changed while they were being sealed. Anything else: the store did not answer. The next look decides.
    await space.release(upload, claim.attempt);
    const fault = asFault(error);
    if (fault) {
      console.error(
        JSON.stringify({
          level: 'warn',
          event: 'settle-delayed',
          upload,
          attempt: claim.attempt,
          fault: fault.fault,
          detail: fault.detail,
        }),
      );
      return 'delayed';
    }
    throw error;
  }
}

interface Attempt {
  readonly upload: string;
  readonly claim: Extract<Claim, { kind: 'claimed' }>;
  readonly find: () => Promise<ObjectInfo | undefined>;
  readonly committing: (() => void) | undefined;
}

async function settleClaimed(
  space: SpacePort,
  objects: Objects,
  { upload, claim, find, committing }: Attempt,
  { md5 = claim.asked.md5, length }: Settling,
): Promise<Outcome | Unsettled> {
  // A proxied upload is committed by its own request; one that is still open at its deadline has lost it.
  if (claim.sealed) return space.fail(upload, { result: 'TransferFailed', detail: 'the upload broke off' });
  // Parts are put together when their client asks for it.
  if (claim.asked.parts) return space.fail(upload, { result: 'TransferFailed', detail: 'the upload was not completed in time' });
  const info = await find();
  if (!info) {
    if (claim.last) return space.fail(upload, { result: 'TransferFailed', detail: 'no bytes arrived in time' });
    await space.release(upload, claim.attempt);
    return 'absent';
  }
  if (info.expires !== undefined)
    return space.fail(upload, {
      result: 'TransferFailed',
      detail: 'the upload set a lifetime for its bytes (X-Delete-At or X-Delete-After)',
    });
  if (md5 !== undefined && info.md5 !== undefined && md5 !== info.md5)
    return space.fail(upload, { result: 'PreconditionFailed', detail: 'the bytes do not have the stated MD5' });
  if (length !== undefined && length !== info.size)
    return space.fail(upload, { result: 'PreconditionFailed', detail: `${length} bytes were stated, and ${info.size} have come` });
  if (!claim.sealing && !(await space.beginSeal(upload, claim.attempt))) return 'waiting';
  const sealed = await objects.seal(claim.container, claim.key, claim.sealTo, info);
  const outcome = space.commit(upload, claim.attempt, { ...sealed, type: claim.asked.type ?? sealed.type });
  committing?.();
  return outcome;
}

/** Of one node's uploads so many are looked for, the newest first. */
const ARRIVED = 4;

/**
 * The client says that bytes have arrived: looks for them until some are committed. True: another attempt is at it, and will know soon.
 * `committing`: called when the Space has been asked to commit.
 */
export async function settleArrived(
  space: SpacePort,
  objects: Objects,
  { uploads, container }: { readonly uploads: readonly string[]; readonly container: StoreContainer },
  committing: () => void = () => undefined,
): Promise<boolean> {
  for (const upload of uploads.slice(-ARRIVED).toReversed()) {
    const settled = await settle(space, objects, upload, { insists: true }, { container, committing });
    if (settled === 'waiting') return true;
    if (typeof settled !== 'string' && settled.result === 'committed') return false;
  }
  return false;
}

/**
 * Looks for the bytes of one upload of a node that is being read, the newest that nobody has looked for just now, with limited patience.
 * Whether something was committed.
 */
export async function settleSoon(services: Services, path: NodePath, principal: Principal, uploads: readonly string[]): Promise<boolean> {
  const lookForOne = async (space: SpacePort): Promise<Outcome | undefined> => {
    for (const upload of uploads.toReversed()) {
      const settled = await settle(space, services.objects, upload);
      if (settled !== 'waiting') return typeof settled === 'string' ? undefined : settled;
    }
    return undefined;
  };
  const work = services.spaces.at(path, principal, 'read', ({ space }) => lookForOne(space)).catch(() => undefined);
  services.later(work);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  const outcome = await Promise.race([work, patience]);
  if (timer !== undefined) clearTimeout(timer);
  return outcome?.result === 'committed';
}
