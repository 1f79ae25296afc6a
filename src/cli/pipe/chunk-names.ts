// Names of chunks as people write them, and as files of this computer may be called.
import { join } from 'node:path';
import { VospaceError } from '../../client/error.ts';
import { Trouble } from '../trouble.ts';

/** `night 1/stars.vot` in plain text, percent-encoded as chunks are named. */
export function chunkName(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}

/** In plain text. A name that holds a slash keeps it escaped. */
export function plainName(name: string): string {
  return name.split('/').map(plainPart).join('/');
}

/** Below a directory of this computer, whatever the service says: never beside it. Throws VospaceError BadAnswer. */
export function pathOfChunk(directory: string, name: string): string {
  const parts = name.split('/').map(plainPart);
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0') || part.includes('\\')))
    throw new VospaceError('BadAnswer', `${JSON.stringify(name)} is no name for a file`);
  return join(directory, ...parts);
}

function plainPart(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('/', '%2F');
  } catch {
    throw new Trouble(`${JSON.stringify(part)} is not percent-encoded as names of chunks are`);
  }
}
