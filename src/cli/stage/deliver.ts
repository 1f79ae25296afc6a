// What was made of a chunk goes into the next pipe, and the chunk is acknowledged by that: both or neither.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import type { Pipe } from '../../client/pipe.ts';
import type { Claim } from '../../client/pipe-consumers.ts';
import type { ChunkToWrite } from '../../client/pipe-writing.ts';
import { MAX_INLINE, MAX_WRITE_CHUNKS } from '../../model/limits.ts';
import type { Source } from '../pipe/source.ts';
import { bring } from './bring.ts';
import { WorkFailure } from './failure.ts';
import { md5OfFile } from '../copy/local-bytes.ts';
import { patiently } from './patience.ts';
import type { Output } from './task.ts';

export interface Destination {
  readonly pipe: Pipe;
  readonly source: Source;
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
interface Measured extends Output {
  readonly size: number;
  readonly md5: string;
}

/** Resolves to the bytes passed on, when they are durable in the pipe and the claim is acknowledged, or certain to be. Throws Fenced where somebody else has it. */
export async function deliver(
  { pipe, source, consumes, inline }: Destination,
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
  const measured = await Promise.all(outputs.map((output) => measure(output, signal)));
  let room = MOST_INLINE;
  const direct = measured.filter(({ size }) => inline && size <= MAX_INLINE && (room -= size) >= 0);
  const sent = measured.filter((output) => !direct.includes(output));
  const chunks = await Promise.all(measured.map((output) => chunkOf(output, direct.includes(output))));
  const { pipe: id, group } = origin;
  const { seq, fence } = claim.chunk;
  const known = consumes ? { consumed: { pipe: id, group, seq, fence, output: 'stage' } } : { key: keyOf(origin, seq) };
  try {
    await patiently(() => bring(source, sent, () => pipe.writeAll(chunks, { signal, ...known }), signal), signal);
  } catch (thrown) {
    // An attempt that could not acknowledge any more has written its own: that is the result.
    if (consumes || !(thrown instanceof VospaceError) || thrown.fault !== 'Conflict') throw thrown;
  }
  if (consumes) claim.consumed();
  else await patiently(() => claim.ack(), signal);
  return measured.reduce((sum, { size }) => sum + size, 0);
}

/** By which another service knows what is made of a chunk, whichever attempt has made it. */
export function keyOf({ pipe, group }: Origin, seq: number): string {
  return `stage:${pipe}:${group}:${seq}`;
}

async function measure(output: Output, signal: AbortSignal): Promise<Measured> {
  const { content } = output;
  if ('path' in content) return { ...output, size: statSync(content.path).size, md5: await md5OfFile(content.path, signal) };
  return { ...output, size: content.data.byteLength, md5: createHash('md5').update(content.data).digest('hex') };
}

async function chunkOf({ name, content, type, size, md5 }: Measured, direct: boolean): Promise<ChunkToWrite> {
  if (!direct) return { name, size, md5 };
  const data = 'path' in content ? new Uint8Array(await readFile(content.path)) : content.data;
  return { name, size, md5, data, ...(type !== undefined && { type }) };
}
