// Standard input into a node, and a node to standard output.
import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Vospace } from '../../client/vospace.ts';
import type { Copying, NodePlace } from './copying.ts';
import { mediaTypeOf } from './media-type.ts';
import { nodeAt } from '../nodes/look.ts';
import { nameAt } from './there.ts';

/** `path`: of what is no plain file. Throws what the system says. */
export function openSpecial(path: string): Readable {
  if (!statSync(path).isFIFO()) return createReadStream(path);
  // Waits for writers without a thread, which could not be ended while it waits.
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

/** Sent once: what broke off has to be given once more. */
export async function uploadInput(input: Readable, to: NodePlace, { report, signal, mode }: Copying): Promise<void> {
  if (mode.keeps && (await nodeAt(to, signal))) return report.settled('kept', nameAt(to));
  const source = Readable.toWeb(input) as ReadableStream<Uint8Array>;
  const type = mediaTypeOf(to.where.at(-1) ?? '');
  const { size, md5 } = await report.counting((count) =>
    to.space.upload(to.where, source, { type, signal, progress: ({ bytes }) => count(bytes) }),
  );
  report.settled('copied', nameAt(to), { size, md5 });
}

/** The bytes alone: they are compared when they have been written, and a difference is an error. */
export async function writeOutput(
  space: Vospace,
  where: readonly string[],
  write: (bytes: Uint8Array) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await space.download(where, { signal });
  for await (const block of body as unknown as AsyncIterable<Uint8Array>) await write(block);
}
