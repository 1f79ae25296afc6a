// The MD5 of Node itself: many times as fast as the one written in TypeScript.
import { createHash } from 'node:crypto';
import type { Digest } from '../client/runtime.ts';

export function nodeMd5(): Digest {
  const hash = createHash('md5');
  return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') };
}
