// The digest of bytes on their way: what the runtime brings, or the one written in TypeScript.
import { Md5 } from '../model/md5.ts';
import type { Digest, Runtime } from './runtime.ts';

export function md5Of({ md5 }: Pick<Runtime, 'md5'>): Digest {
  return md5 ? md5() : new Md5();
}
