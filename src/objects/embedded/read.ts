// Streams a range of a stored object out of the bucket, whether it has bytes of its own or is a manifest of parts.
import { Fault } from '../../faults.ts';
import { pump } from '../../model/pump.ts';
import { attempt, type Part, type Stored } from './stored.ts';

/** Half-open: `end` is the first byte after the range. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the bytes of a stored object lie. */
export async function readParts(bucket: R2Bucket, stored: Stored): Promise<readonly Part[]> {
  const { layout, bucketKey, size } = stored;
  if (layout.kind === 'own') return [{ bucketKey, size }];
  if (layout.kind === 'blob') return [{ bucketKey: layout.at, size }];
  const manifest = await attempt(() => bucket.get(bucketKey));
  if (!manifest) throw new Fault('NotFound', 'no such object');
  return (await manifest.json()) as readonly Part[];
}

/** NotFound when a part is gone. */
export async function openSpan(bucket: R2Bucket, parts: readonly Part[], span: Span): Promise<ReadableStream<Uint8Array>> {
  const pieces = cut(parts, span);
  const [only] = pieces;
  if (!only) return new Blob([]).stream();
  if (pieces.length === 1) return openPiece(bucket, only);
  const joined = new FixedLengthStream(span.end - span.start);
  // Whoever reads sees the failure as a broken body; there is nobody else to tell.
  void join(bucket, pieces, joined.writable).catch((error) => joined.writable.abort(error).catch(() => undefined));
  return joined.readable;
}

async function join(bucket: R2Bucket, pieces: readonly Piece[], into: WritableStream<Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (!(await pump(await openPiece(bucket, piece), into, true).settled)) return;
  }
  await into.close();
}

interface Piece {
  readonly part: Part;
  readonly offset: number;
  readonly length: number;
}

async function openPiece(bucket: R2Bucket, { part, offset, length }: Piece): Promise<ReadableStream<Uint8Array>> {
  const whole = offset === 0 && length === part.size;
  const object = await attempt(() => bucket.get(part.bucketKey, whole ? {} : { range: { offset, length } }));
  if (!object) throw new Fault('NotFound', 'no such object');
  return object.body;
}

/** The pieces of parts that a span is made of. */
export function cut(parts: readonly Part[], { start, end }: Span): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const part of parts) {
    const offset = Math.max(0, start - from);
    const length = Math.min(part.size, end - from) - offset;
    if (length > 0) pieces.push({ part, offset, length });
    from += part.size;
  }
  return pieces;
}
