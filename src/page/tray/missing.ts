// A folder that is not there any more: how far up it is gone, and what way its files go below another. Paths are those of places.
import { VospaceError } from '../../client/error.ts';

/** The topmost folder that is missing, of this one and those above it; undefined where it is there, or nobody can tell. `look` throws VospaceError. */
export async function missing(folder: string, look: (path: string) => Promise<void>): Promise<string | undefined> {
  let found: string | undefined;
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
    try {
      await look(at);
      return found;
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.status !== 404) return found;
      found = at;
    }
    if (at === '') return found;
  }
}

/**
 * The way of a file below another folder that stands for the one that is gone: what was below that stays below it. `target`: where the file was
 * let fall; `path`: its way from there.
 */
export function wayBelow(folder: string, target: string, path: readonly string[]): readonly string[] {
  if (`${target}/`.startsWith(`${folder}/`)) return path;
  return path.slice(folder.slice(target.length).split('/').filter(Boolean).length);
}
