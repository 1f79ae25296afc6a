// The VOSpace that may be named before what is in it: `vos://example.org~vospace 542243ef8a0b7c31`.
import type { Vospace } from '../client/vospace.ts';
import { readSingle } from './glob.ts';
import type { Spaces } from './spaces.ts';

/** `name`: of the command. */
export async function spaceBefore(
  name: string,
  spaces: Spaces,
  args: readonly string[],
): Promise<{ readonly space: Vospace | undefined; readonly rest: readonly string[] }> {
  const [first = '', ...rest] = args;
  return /^vos:/i.test(first) ? { space: await spaces.of(readSingle(name, first)), rest } : { space: undefined, rest: args };
}
