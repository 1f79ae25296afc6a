// CRC-32 as ZIP has it (polynomial 0xEDB88320), eight bytes at a time.

const TABLES = makeTables();

/** Goes on from `crc`, which is 0 at the start. The answer is unsigned. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const table = TABLES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.byteLength - (bytes.byteLength % 8);
  let value = ~crc;
  let at = 0;
  const look = (slice: number, byte: number): number => table[slice * 256 + byte] ?? 0;
  for (; at < whole; at += 8) {
    const low = view.getUint32(at, true) ^ value;
    const high = view.getUint32(at + 4, true);
    value =
      look(7, low & 255) ^
      look(6, (low >>> 8) & 255) ^
      look(5, (low >>> 16) & 255) ^
      look(4, low >>> 24) ^
      look(3, high & 255) ^
      look(2, (high >>> 8) & 255) ^
      look(1, (high >>> 16) & 255) ^
      look(0, high >>> 24);
  }
  for (; at < bytes.byteLength; at++) value = (value >>> 8) ^ look(0, (value ^ view.getUint8(at)) & 255);
  return ~value >>> 0;
}

/** Eight tables of 256, one after another: the n-th for a byte that has n more bytes behind it. */
function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[byte] = value;
  }
  for (let at = 256; at < tables.length; at++) {
    const previous = tables[at - 256] ?? 0;
    tables[at] = (previous >>> 8) ^ (tables[previous & 255] ?? 0);
  }
  return tables;
}
