// What is in the way of nodes that are to go into a folder.
import { childOf, nameOf, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { eachOf } from '../kit/each-of.ts';
import { nodeAt } from '../app/taken.ts';
import type { NodeDocument } from '../../model/node.ts';

export interface Conflict {
  readonly target: Target;
  /** What has the name already. */
  readonly there: NodeDocument;
}

/** Questions at the same time. */
const ABREAST = 6;

export async function findConflicts(targets: readonly Target[], to: Place): Promise<readonly Conflict[]> {
  const found = new Map<Target, Conflict>();
  await eachOf(targets, ABREAST, async (target) => {
    const there = await nodeAt(childOf(to, nameOf(target.place)));
    if (there) found.set(target, { target, there });
  });
  return targets.flatMap((target) => found.get(target) ?? []);
}

/** Files and links are replaced; a folder never is, nor by anything. */
export function isReplaceable({ target, there }: Conflict): boolean {
  return target.node.type !== 'ContainerNode' && there.type !== 'ContainerNode';
}
