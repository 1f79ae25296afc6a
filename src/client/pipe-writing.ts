// Chunks into a pipe: one, or any number of them in lists, each safe to repeat.
import { parseWrittenJson, parseWrittenListJson, type Written } from '../model/json/pipe-answers.ts';
import type { ChunkRequest, Consumed } from '../model/json/pipe-write.ts';
import { MAX_WRITE, MAX_WRITE_CHUNKS } from '../model/limits.ts';
import type { Credit } from '../model/pipe.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { askPipes, idempotencyKey } from './pipe-calls.ts';
import { waitFor } from './retry.ts';
import type { Asking, Session } from './session.ts';

/** `name` as in URIs, percent-encoded. `size` and `md5` are compared with the node. `data`: the bytes themselves, at most 16 KiB. */
export interface ChunkToWrite extends Omit<ChunkRequest, 'name' | 'data'> {
  readonly name: string;
  readonly data?: string | Uint8Array;
}

export interface WriteOptions extends Asking {
  /** The pipe is closed after these. */
  readonly final?: boolean;
  /** With `final`: how many chunks there must be. */
  readonly total?: number;
  /** Seconds that the service waits for room in a pipe that is full, at most 55. */
  readonly wait?: number;
  /** The claimed chunk that these are made of. */
  readonly consumed?: Omit<Consumed, 'group'> & { readonly group: string };
  /** By which a repeat of this request is known for a week: the first answer comes again, and Conflict where the chunks are others. One list only. */
  readonly key?: string;
}

/** Seconds of `wait` where a whole list is to go in, however long it takes. */
const PATIENT = 30;
const SPARE = 30_000;

export async function writeChunk(
  session: Session,
  path: string,
  chunk: ChunkToWrite,
  { signal, key, ...more }: WriteOptions,
): Promise<Omit<Written, 'name'> & { readonly credit: Credit }> {
  const answer = await post(session, path, { ...toJson(chunk), ...more }, more.wait, signal, key);
  return readAs(parseWrittenJson, answer);
}

export async function writeChunks(
  session: Session,
  path: string,
  chunks: Iterable<string | ChunkToWrite> | AsyncIterable<string | ChunkToWrite>,
  { signal, final = false, total, consumed, key, wait = PATIENT }: WriteOptions,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  let most = MAX_WRITE_CHUNKS;
  // A second list would be taken for a repeat of the first.
  const isOne = consumed !== undefined || key !== undefined;
  const send = async (list: readonly ChunkRequest[], last: boolean): Promise<void> => {
    const ending = last && final ? { final, ...(total !== undefined && { total }) } : {};
    const body = { chunks: list, wait, ...ending, ...(consumed && { consumed }) };
    try {
      written.push(...(await whenThereIsRoom(session, path, body, wait, signal, key)));
    } catch (thrown) {
      const isTooLong = thrown instanceof VospaceError && thrown.fault === 'RequestEntityTooLarge';
      if (!isTooLong || isOne || list.length === 1) throw thrown;
      // It is more than the pipe holds at all.
      const half = Math.ceil(list.length / 2);
      most = half;
      await send(list.slice(0, half), false);
      await send(list.slice(half), last);
    }
  };
  let list: ChunkRequest[] = [];
  let bytes = 0;
  for await (const given of chunks) {
    const chunk = toJson(typeof given === 'string' ? { name: given } : given);
    const length = JSON.stringify(chunk).length;
    if (list.length >= most || bytes + length > MAX_WRITE / 2) {
      if (isOne) throw new VospaceError('RequestEntityTooLarge', 'what is made of one chunk goes in one list: give it several outputs');
      await send(list, false);
      [list, bytes] = [[], 0];
    }
    list.push(chunk as ChunkRequest);
    bytes += length;
  }
  if (list.length > 0) await send(list, true);
  else if (final)
    await askPipes(session, {
      method: 'POST',
      path: `${path}/close`,
      body: total === undefined ? {} : { total },
      repeat: 'always',
      signal,
    });
  return written;
}

/** A list goes in whole: in a full pipe that may take as long as its readers take. */
async function whenThereIsRoom(session: Session, path: string, body: object, wait: number, signal?: AbortSignal, key?: string) {
  const { wire } = session;
  for (let tries = 1; ; tries++) {
    try {
      const answer = await post(session, path, body, wait, signal, key);
      return readAs(parseWrittenListJson, answer).chunks;
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'PipeFull') throw thrown;
      await waitFor(thrown, Math.min(tries, 10), wire.policy, wire.runtime, signal);
    }
  }
}

/** The key lets a try whose answer was lost be repeated, even if the node has changed since. */
function post(session: Session, path: string, body: object, wait = 0, signal?: AbortSignal, key?: string) {
  return askPipes(session, {
    method: 'POST',
    path: `${path}/chunks`,
    body,
    headers: idempotencyKey(key),
    repeat: 'always',
    timeout: wait * 1000 + SPARE,
    signal,
  });
}

function toJson({ data, ...chunk }: ChunkToWrite): Omit<ChunkRequest, 'name'> & { readonly name: string } {
  if (data === undefined) return chunk;
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { ...chunk, data: btoa(text) };
}
