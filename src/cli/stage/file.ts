// A file of this computer as bytes that can be sent, from any place in it and again; of any size.
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Slices } from '../../client/part-sender.ts';

export function slicesOf(path: string): Slices {
  return {
    size: statSync(path).size,
    slice: (start, end) => () =>
      end <= start
        ? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
        : (Readable.toWeb(createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 })) as ReadableStream<Uint8Array>),
  };
}
