// What was made of a chunk goes into the next pipe, and the chunk is acknowledged by that: both or neither.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import { RUNTIME } from '../../client/runtime.ts';
import type { Pipe } from '../../client/pipe.ts';
import type { Claim } from '../../client/pipe-consumers.ts';
import type { ChunkToWrite } from '../../client/pipe-writing.ts';
import type { Vospace } from '../../client/vospace.ts';
import { MAX_INLINE, MAX_WRITE_CHUNKS } from '../../model/limits.ts';
import { WorkFailure } from './failure.ts';
import { md5Of } from './file.ts';
import { patiently } from './patience.ts';
import { put } from './put.ts';
import type { Output } from './task.ts';

export interface Destination {
  readonly pipe: Pipe;
  /** The VOSpace of its source container, and that container's URI. */
  readonly space: Vospace;
  readonly source: string;
  /** It is in the same service as the pipe that is read: then a write acknowledges what was consumed. */
  readonly consumes: boolean;
  /** What is small enough travels with the call and does not become a node. */
  readonly inline: boolean;
}

export interface Origin {
  readonly pipe: string;
  readonly group: string;
}

/** Bytes that travel with one call. */
const MOST_INLINE = 1024 * 1024;
/** The bytes under the name may be those of a reader who was taken for dead, or on their way from him: they are sent again. */
const TRIES = 4;
const OTHER_BYTES = ['ChunkMismatch', 'ChunkNotFound', 'NodeBusy'];

interface Measured extends Output {
  readonly size: number;
  readonly md5: string;
}

/** Resolves to the bytes passed on, when they are durable in the pipe and the claim is acknowledged, or certain to be. Throws Fenced where somebody else has it. */
export async function deliver(
  { pipe, space, source, consumes, inline }: Destination,
  outputs: readonly Output[],
  claim: Claim,
  origin: Origin,
  signal: AbortSignal,
): Promise<number> {
  if (outputs.length > MAX_WRITE_CHUNKS)
    throw new WorkFailure(`made ${outputs.length} files: at most ${MAX_WRITE_CHUNKS} can be passed on together`);
  if (outputs.length === 0) {
    await patiently(() => claim.ack(), signal);
    return 0;
  }
  const measured = await Promise.all(outputs.map(measure));
  let room = inline ? MOST_INLINE : 0;
  const direct = measured.filter(({ size }) => size <= MAX_INLINE && (room -= size) >= 0);
  const sent = measured.filter((output) => !direct.includes(output));
  const chunks = await Promise.all(measured.map((output) => chunkOf(output, direct.includes(output))));
  const { pipe: id, group } = origin;
  const { seq, fence } = claim.chunk;
  const consumed = consumes ? { consumed: { pipe: id, group, seq, fence, output: 'stage' } } : {};
  for (let tries = 1; ; tries++) {
    try {
      if (sent.length > 0) await patiently(() => put(space, source, sent, signal), signal);
      await patiently(() => pipe.writeAll(chunks, { signal, ...consumed }), signal);
      break;
    } catch (thrown) {
      if (!(thrown instanceof VospaceError)) throw thrown;
      // An attempt that could not acknowledge any more has written its own: that is the result.
      if (!consumes && thrown.fault === 'ChunkNameInUse') break;
      if (!OTHER_BYTES.includes(thrown.fault) || sent.length === 0 || tries >= TRIES) throw thrown;
      await RUNTIME.sleep(RUNTIME.random() * 250 * 2 ** tries, signal);
    }
  }
  if (consumes) claim.consumed();
  else await patiently(() => claim.ack(), signal);
  return measured.reduce((sum, { size }) => sum + size, 0);
}

async function measure(output: Output): Promise<Measured> {
  const { content } = output;
  if ('path' in content) return { ...output, size: statSync(content.path).size, md5: await md5Of(content.path) };
  return { ...output, size: content.data.byteLength, md5: createHash('md5').update(content.data).digest('hex') };
}

async function chunkOf({ name, content, type, size, md5 }: Measured, direct: boolean): Promise<ChunkToWrite> {
  if (!direct) return { name, size, md5 };
  const data = 'path' in content ? new Uint8Array(await readFile(content.path)) : content.data;
  return { name, size, md5, data, ...(type !== undefined && { type }) };
}
