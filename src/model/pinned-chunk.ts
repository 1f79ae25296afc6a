// What a chunk is by the bytes that its name has, where that is what the caller has said of it.
import { Fault } from '../faults.ts';
import type { ChunkName } from './pipe.ts';
import type { ChunkRequest } from './json/pipe-write.ts';

interface Known {
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
}

/** Throws ChunkMismatch. The caller's media type goes before the node's. */
export function describePinned({ name, size, md5, type }: ChunkRequest, found: Known): Known & { readonly name: ChunkName } {
  if (size !== undefined && size !== found.size) throw new Fault('ChunkMismatch', `${name} has ${found.size} bytes, and not ${size}`);
  if (md5 !== undefined && found.md5 !== undefined && md5 !== found.md5)
    throw new Fault('ChunkMismatch', `${name} has the MD5 ${found.md5}, and not ${md5}`);
  const media = type ?? found.type;
  return {
    name,
    size: found.size,
    ...(found.md5 !== undefined && { md5: found.md5 }),
    ...(media !== undefined && { type: media }),
  };
}
