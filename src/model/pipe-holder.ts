// Under which name a Space holds bytes for a pipe: one for each call that has them pinned, or for calls that come together.
import type { PipeId } from './pipe.ts';
import { randomText } from './secret.ts';

/** A name that nobody has had before. Names that follow one another stand side by side in an index. `now`: epoch milliseconds. */
export function makeHolder(pipe: PipeId, now: number): string {
  return `pipe:${pipe}:${now.toString(36)}${randomText(12)}`;
}
