// Standard input into a node, and a node to standard output.
import { Readable } from 'node:stream';
import type { Vospace } from '../../client/vospace.ts';
import type { Copying, Spot } from './copying.ts';
import { mediaTypeOf } from './media-type.ts';
import { nodeAt } from './node-there.ts';
import { nameOf } from './there.ts';

/** Sent once: what broke off has to be given once more. */
export async function uploadInput(input: Readable, to: Spot, { report, signal, mode }: Copying): Promise<void> {
  if (mode.keeps && (await nodeAt(to, signal))) return report.settled('kept', nameOf(to, { names: [] }));
  let moved = 0;
  const source = Readable.toWeb(input) as ReadableStream<Uint8Array>;
  const { size, md5 } = await to.space.upload(to.where, source, {
    type: mediaTypeOf(to.where.at(-1) ?? ''),
    signal,
    progress: ({ bytes }) => {
      report.moved(bytes - moved);
      moved = bytes;
    },
  });
  report.settled('copied', nameOf(to, { names: [] }), { size, md5 });
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
