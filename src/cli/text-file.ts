// Texts on the disk, small enough to be read at once.
import { readFileSync } from 'node:fs';

/** What the system refuses names the file, as Node does not always. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw Object.assign(thrown as Error, { path: file });
  }
}

/** Undefined where nothing is there. */
export function readIfThere(file: string): string | undefined {
  try {
    return readText(file);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
