// MD5 by lanes beside Node's own.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Md5Lanes } from '../../../src/cli/digest/md5-lanes.ts';
import { Random } from '../../support/random.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`SEED=${seed}`);

function bytesOf(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

/** At most `most` bytes in one go. */
function reader(bytes: Uint8Array, most: number): (into: Uint8Array) => number {
  let at = 0;
  return (into) => {
    const length = Math.min(into.byteLength, most, bytes.byteLength - at);
    into.set(bytes.subarray(at, at + length));
    at += length;
    return length;
  };
}

test('streams of any lengths, begun at any time, have the MD5 that Node gives them', () => {
  const random = new Random(seed);
  const edges = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 128 * 1024 + 56];
  const all = [...edges, ...Array.from({ length: 40 }, () => random.below(300_000))].map((length) => bytesOf(random, length));
  const lanes = new Md5Lanes();
  const found = new Map<number, string | undefined>();
  for (let next = 0; next < all.length || !lanes.isIdle;) {
    const number = next;
    const bytes = all[number];
    const most = random.below(4) === 0 ? 1 + random.below(100) : 1 + random.below(200_000);
    const begun = bytes !== undefined && lanes.begin({ read: reader(bytes, most), over: (md5) => found.set(number, md5) });
    if (begun) next += 1;
    if (!begun || random.below(3) === 0) lanes.step();
  }
  for (const [i, bytes] of all.entries())
    expect(found.get(i), `${bytes.byteLength} bytes`).toBe(createHash('md5').update(bytes).digest('hex'));
});

test('a stream that cannot be read is told of alone', () => {
  const lanes = new Md5Lanes();
  const found: unknown[] = [];
  const broken = new Error('broken');
  lanes.begin({
    read: () => {
      throw broken;
    },
    over: (_, thrown) => found.push(thrown),
  });
  lanes.begin({ read: reader(new Uint8Array(1000), 1000), over: (md5) => found.push(md5) });
  while (!lanes.isIdle) lanes.step();
  expect(found).toEqual([broken, createHash('md5').update(new Uint8Array(1000)).digest('hex')]);
});
