// A chunk on its way out: its pinned bytes go to a node of another VOSpace, which is looked at before and after.
import type { TaskReport, TravelChunk } from '../../durable/pipe/work/port.ts';
import { Fault } from '../../faults.ts';
import { hasBytes } from '../../model/node.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Uploaded } from '../../client/upload.ts';
import { abroad, Trouble } from '../carry/trouble.ts';
import { foreignOf, readStored } from '../downloads/stored.ts';
import type { Services } from '../services.ts';
import { afterTrouble, delivered, taken } from './ends-of-carrying.ts';
import { bytesThere, farOf, lookThere, makeThere, type Far, type FarEnd } from './far.ts';
import type { CarryTask, ClearTask } from './carry.ts';
import { placeOfPinned } from './place-of.ts';
import { beginFetching, goOnFetching, stopFetching, type Fetching } from './fetch-there.ts';

/** How far it has come; JSON. */
interface Push {
  /** The attempt that has looked at the destination. */
  readonly looked: number;
  /** Nothing was there when it was first looked at: what is there later without bytes, or as long, is the pipe's own. */
  readonly absent: boolean;
  /** The other side is to fetch the bytes, or does so. */
  readonly fetching?: Fetching | 'to be asked';
}

/**
 * A PUT cannot be gone on with: each attempt sends everything, unless what is there by then are the chunk's bytes. Chunk and destination are
 * looked at each time, so that an attempt whose answer was lost is not repeated.
 */
export async function pushChunk(services: Services, task: CarryTask, end: FarEnd, signal: AbortSignal): Promise<TaskReport> {
  const { chunk, definition, attempt } = task;
  const known = task.checkpoint as Push | undefined;
  const uri = `${end.uri}/${chunk.name}`;
  try {
    const far = await farOf(services, task, end);
    if (known?.fetching) return await fetchThere(services, far, task, uri, known, signal);
    if (known?.looked !== attempt) {
      const node = await lookThere(far, uri, signal);
      const absent = known?.absent ?? node === undefined;
      const found = node && judge(chunk, node, absent);
      if (found === 'theirs' || (found === 'others' && definition.options.onConflict === 'fail')) return taken(chunk.seq, uri);
      if (found === 'busy') throw new Trouble(`${uri} is being written to`, { lasting: false });
      if (node && (found === 'same' || found === 'as long')) return arrived(chunk, found === 'same', bytesThere(node));
      return { kind: 'more', checkpoint: { looked: attempt, absent } satisfies Push };
    }
    const sent = await sendTwice(services, far, chunk, { uri, container: end.uri }, signal);
    return arrived(chunk, sent.verified === 'md5', sent);
  } catch (error) {
    if (!(error instanceof Trouble) || signal.aborted) throw error;
    if (error.status === 413 && known && !known.fetching && error.fault !== 'QuotaExceeded')
      return { kind: 'more', checkpoint: { ...known, fetching: 'to be asked' } satisfies Push };
    const { fetching: _, ...rest } = known ?? { looked: 0, absent: false };
    return afterTrouble(chunk.seq, error, known?.fetching && error.lasting ? rest : undefined);
  }
}

/** What no PUT takes there, a job there may still fetch. */
async function fetchThere(
  services: Services,
  far: Far,
  { chunk, attempt }: CarryTask,
  uri: string,
  known: Push,
  signal: AbortSignal,
): Promise<TaskReport> {
  const { fetching } = known;
  if (!fetching || fetching === 'to be asked') {
    const begun = await beginFetching(services, far, chunk, uri, signal);
    if (!begun) throw new Trouble(`${far.authority} does not take so large a chunk`, { lasting: true, status: 413 });
    return { kind: 'more', checkpoint: { ...known, fetching: begun } satisfies Push };
  }
  const waits = await goOnFetching(services, far, chunk, fetching, known, signal);
  if (waits) return waits;
  const node = await lookThere(far, uri, signal);
  const found = node && judge(chunk, node, known.absent);
  if (node && (found === 'same' || found === 'as long')) return arrived(chunk, found === 'same', bytesThere(node));
  const { fetching: _, ...rest } = known;
  const detail = `${far.authority} says that it has fetched ${uri}, which has other bytes`;
  return { kind: 'failed', fault: 'VOSpaceFault', detail, checkpoint: { ...rest, looked: attempt } satisfies Push };
}

/** A job there that nobody waits for any more. */
export async function clearPush(services: Services, task: ClearTask, end: FarEnd): Promise<void> {
  const { fetching } = (task.checkpoint ?? {}) as Partial<Push>;
  if (fetching && fetching !== 'to be asked') await stopFetching(await farOf(services, task, end), fetching.job);
}

/**
 * What a node has to do with the chunk: `same` by MD5; `as long` where nobody knows that and nothing was there before; `mine`: an earlier attempt's,
 * without its bytes; `others`: bytes that may be overwritten; `theirs`: nothing to write bytes to.
 */
function judge(chunk: TravelChunk, node: NodeDocument, absent: boolean): 'same' | 'as long' | 'mine' | 'busy' | 'others' | 'theirs' {
  if (!hasBytes(node.type)) return 'theirs';
  const { size, md5 } = bytesThere(node);
  const isComparable = md5 !== undefined && chunk.md5 !== undefined;
  if (size === chunk.size && isComparable && md5 === chunk.md5) return 'same';
  if (absent && (size ?? 0) === 0 && chunk.size > 0) return 'mine';
  if (node.busy) return absent ? 'mine' : 'busy';
  return absent && size === chunk.size && !isComparable ? 'as long' : 'others';
}

function arrived(
  { seq, size, md5 }: TravelChunk,
  isCompared: boolean,
  there: { readonly size: number | undefined; readonly md5: string | undefined },
): TaskReport {
  const digest = md5 ?? (isCompared ? there.md5 : undefined);
  return delivered({
    kind: 'ready',
    seq,
    size,
    ...(digest !== undefined && { md5: digest }),
    ...(!isCompared && { verified: 'length-only' }),
  });
}

/** Once more after a refusal, which a fresh negotiation may mend, and after the containers have been made that are missing. */
async function sendTwice(
  services: Services,
  far: Far,
  chunk: TravelChunk,
  at: { readonly uri: string; readonly container: string },
  signal: AbortSignal,
): Promise<Uploaded> {
  const once = (): Promise<Uploaded> => send(services, far, chunk, at.uri, signal);
  return once().catch(async (error: unknown) => {
    if (!(error instanceof Trouble) || signal.aborted) throw error;
    if (error.isRefusal) return once();
    if (error.status !== 404 && error.fault !== 'ContainerNotFound' && error.fault !== 'NodeNotFound') throw error;
    const above = at.uri.slice(0, at.uri.lastIndexOf('/'));
    // The pipe's own container was there when the pipe was made: where that is gone, its owner has taken it away.
    if (above.length <= at.container.length || !(await makeThere(far, above, signal))) throw error;
    return once();
  });
}

async function send(
  services: Services,
  { vospace, authority }: Far,
  chunk: TravelChunk,
  uri: string,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { size, md5, type } = chunk;
  // The guarded fetch counts the bytes. Looking at them in JavaScript as well would take ten times as long as sending them.
  const options = { length: size, md5, type, signal, counted: md5 !== undefined };
  return abroad(authority, () => vospace.upload(uri, () => openChunk(services, chunk), options));
}

/** The bytes that the chunk was pinned to. Throws Trouble when they are no longer those. */
export async function openChunk(services: Services, { bytes, size, md5 }: TravelChunk): Promise<ReadableStream<Uint8Array>> {
  if (bytes.kind === 'foreign') throw new Fault('InternalFault', 'the bytes of a foreign source are not here');
  if (bytes.kind === 'inline') return new Blob([Uint8Array.from(atob(bytes.data), (character) => character.charCodeAt(0))]).stream();
  if (size === 0) return new Blob([]).stream();
  const place = await placeOfPinned(services, bytes.pinned);
  if (place.foreign) {
    const found = await foreignOf(services).head(place.container.name, place.key);
    if (found?.size !== size || (md5 !== undefined && found.md5 !== undefined && found.md5 !== md5))
      throw new Trouble('the object that the chunk stands for has other bytes by now', { lasting: true, mismatch: true });
  }
  return readStored(services, place, undefined);
}
