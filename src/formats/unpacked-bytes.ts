// The bytes of a zip's member as they were before they were packed, checked against its length and CRC while they flow.
import { quoted, refuseArchive } from './archive-member.ts';
import { ByteReader } from './byte-reader.ts';
import { crc32 } from './crc32.ts';
import type { ZipMember } from './zip-read.ts';

/** The stream fails with InvalidArgument at the first byte too many, and before its end when a byte is missing or wrong. */
export function unpackedBytes(packed: ReadableStream<Uint8Array>, { method, size, crc, path }: ZipMember): ReadableStream<Uint8Array> {
  const name = quoted(path.join('/'));
  const raw = method === 'stored' ? packed : packed.pipeThrough(inflate());
  const reader = new ByteReader(raw);
  let read = 0;
  let sum = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await reader.part().catch(() => {
        throw refuseArchive(`${name} is damaged`);
      });
      if (part) {
        read += part.byteLength;
        if (read > size) throw refuseArchive(`${name} unpacks to more than the ${size} bytes that it says`);
        sum = crc32(part, sum);
        controller.enqueue(new Uint8Array(part));
        return;
      }
      if (read < size) throw refuseArchive(`${name} unpacks to ${read} of the ${size} bytes that it says`);
      if (sum !== crc) throw refuseArchive(`${name} is damaged: its CRC is wrong`);
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Declared by the runtimes for any kind of buffer. */
function inflate(): ReadableWritablePair<Uint8Array, Uint8Array> {
  return new DecompressionStream('deflate-raw') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
}
