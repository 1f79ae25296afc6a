// A chunk in one line.
import type { ChunkNotice } from '../../model/pipe.ts';
import { humanBytes } from '../nodes/amounts.ts';
import { shown } from '../terminal.ts';
import { plainName } from './chunk-names.ts';

/** `7 stars.csv 1.2 MiB`, and of a dead one why. */
export function lineOfChunk({ seq, name, size, status, reason = '' }: ChunkNotice): string {
  const what = status === 'ready' ? humanBytes(size) : `dead: ${reason.split('\n').map(shown).join(' | ')}`;
  return `${seq} ${shown(plainName(name))} ${what}`;
}

/** For `--json`: without the signed URL of its bytes, which lets anybody read them. */
export function chunkDocument(chunk: ChunkNotice): unknown {
  return { ...chunk, url: undefined, expires: undefined };
}
