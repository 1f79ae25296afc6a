// WriteChunk: bytes are pinned where they lie, then the pipe takes the chunks. What is pinned for nothing is let go.
import { asFault, Fault } from '../../faults.ts';
import type { Append, Appended, Glance, NewChunk, PipePort } from '../../durable/pipe/port.ts';
import { fromBase64 } from '../../model/base64.ts';
import { Md5 } from '../../model/md5.ts';
import { bytesIn, type ChunkRequest, type WriteRequest } from '../../model/json/pipe-write.ts';
import type { Principal } from '../../model/principal.ts';
import { sha256Hex } from '../../model/secret.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { claimOf } from './consumed.ts';
import { writeThroughPipe } from './through-pipe.ts';

/** Chunks whose bytes are not in the call: one for each name that is wanted. */
export interface Pinning {
  readonly chunks: readonly NewChunk[];
  /** When the hold was asked for, epoch milliseconds; undefined where nothing had to be held. */
  readonly pinnedAt?: number;
  /** Lets go of everything. Never throws: should it be in vain, the Space asks the pipe for it later. */
  readonly release: () => Promise<void>;
}

export type Pin = (services: Services, glance: Glance, caller: Principal, wanted: readonly ChunkRequest[]) => Promise<Pinning>;

/** Throws the faults of the source container, ChunkNotFound, ChunkMismatch, what the pipe throws, and Fenced. `key`: the Idempotency-Key. */
export async function writeChunks(
  services: Services,
  caller: Principal,
  text: string,
  request: WriteRequest,
  key: string | undefined,
  pin: Pin,
): Promise<Appended> {
  const { id: pipeId, pipe } = await pipeAt(services, text);
  const inline = request.chunks.map((chunk) => (chunk.data === undefined ? undefined : inlineChunk(chunk, chunk.data)));
  const once = key === undefined ? undefined : { text: key, digest: await sha256Hex(JSON.stringify(request)) };
  const elsewhere = request.chunks.filter((chunk) => chunk.data === undefined);
  const before = once && (elsewhere.length > 0 || request.consumed) ? await pipe.repeated(caller, once) : undefined;
  if (before) return before;
  const claim = request.consumed && (await claimOf(services, caller, request.consumed));
  const append: Omit<Append, 'chunks'> = {
    principal: caller,
    ...(once && { key: once }),
    ...(request.final && { final: request.final }),
    ...(claim && { consumed: claim.consumed }),
  };
  const made = (chunk: NewChunk): NewChunk => (claim ? { ...chunk, lineage: claim.lineage } : chunk);
  if (elsewhere.length === 0) return pipe.append({ ...append, chunks: inline.filter((chunk) => chunk !== undefined).map(made) });
  const glance = await services.glances.at(pipeId);
  if (elsewhere.length === request.chunks.length) {
    const appended = await writeThroughPipe(services, pipe, glance, {
      caller,
      chunks: elsewhere,
      append,
      ...(claim && { lineage: claim.lineage }),
    });
    if (appended) return appended;
  }
  const pinning = await pin(services, glance, caller, elsewhere).catch((error: unknown) => refuse(pipe, caller, elsewhere, error));
  const pinned = new Map(pinning.chunks.map((chunk) => [chunk.name, chunk]));
  const chunks = request.chunks.flatMap(({ name }, i) => inline[i] ?? pinned.get(name) ?? []).map(made);
  try {
    const appended = await pipe.append({ ...append, chunks, ...(pinning.pinnedAt !== undefined && { pinnedAt: pinning.pinnedAt }) });
    if (appended.chunks.every(({ duplicate }) => duplicate)) services.later(pinning.release());
    return appended;
  } catch (error) {
    // Where the pipe has not answered it may have taken the chunks: then their Space asks it later what is kept.
    if (asFault(error)) services.later(pinning.release());
    throw error;
  }
}

/**
 * That nothing is written any more is said before what is wrong with a single name; and that a name is taken, before what is wrong with its node:
 * whoever hears the latter may replace it.
 */
async function refuse(pipe: PipePort, caller: Principal, wanted: readonly ChunkRequest[], error: unknown): Promise<never> {
  if (asFault(error) !== undefined && (await pipe.check(caller, 'write', wanted)).condition === 'closed')
    throw new Fault('PipeClosed', 'the pipe is closed: nothing more is written');
  throw error;
}

/** Throws ChunkMismatch where another MD5 was stated. */
function inlineChunk({ name, type, md5 }: ChunkRequest, data: string): NewChunk {
  const bytes = fromBase64(data);
  const found = Md5.of(bytes);
  if (md5 !== undefined && md5 !== found) throw new Fault('ChunkMismatch', `${name}: the MD5 of its data is ${found}`);
  return { name, size: bytesIn(data), md5: found, ...(type !== undefined && { type }), bytes: { kind: 'inline', data } };
}
