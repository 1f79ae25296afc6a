// The group of a stage: made where it is missing, and told what the person wants of it.
import { VospaceError } from '../../client/error.ts';
import type { Pipe } from '../../client/pipe.ts';
import type { GroupDescription, GroupWish } from '../../model/pipe-group.ts';

/** Of groups that stages make: a chunk whose stage was killed is soon somebody else's. */
const STAGE_GROUP: GroupWish = { lease: 30, maxDeliveries: 5 };

/** `wish`: also of a group that is there, whose other settings stay. */
export async function ensureGroup(pipe: Pipe, name: string, wish: GroupWish, signal: AbortSignal): Promise<GroupDescription> {
  const group = pipe.group(name);
  try {
    const found = await group.describe({ signal });
    const { start: _, ...settings } = wish;
    return Object.keys(settings).length === 0 ? found : await group.create({ ...settings, signal });
  } catch (thrown) {
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'GroupNotFound') throw thrown;
    return group.create({ ...STAGE_GROUP, ...wish, signal });
  }
}

/** From the name of a program: `./cross-match.py` works in the group `cross-match`. */
export function groupNameOf(program: string): string {
  const base = program.split('/').at(-1) ?? '';
  const name = base.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/[^A-Za-z0-9_.-]/g, '-');
  return /^[A-Za-z0-9_]/.test(name) ? name.slice(0, 128) : `stage${name.slice(0, 100)}`;
}
