// Everything below a node, each container before what is in it.
import { childOf, nameInUri } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';

/** More than this is not for a page, which has to stay open all the time. */
const MOST = 5000;

export interface Step {
  readonly target: Target;
  /** Names from the beginning of the walk to it; empty for the beginning itself. */
  readonly names: readonly string[];
}

/** `seen` hears how many it has found. Throws Error when there are too many. */
export async function walk(start: Target, signal: AbortSignal, seen: (nodes: number) => void): Promise<readonly Step[]> {
  const steps: Step[] = [{ target: start, names: [] }];
  const source = await nodes(start.place.authority);
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step?.target.node.type !== 'ContainerNode') continue;
    const { place } = step.target;
    for await (const node of source.children(place.path, { detail: 'properties', signal })) {
      const name = nameInUri(node.uri);
      steps.push({ target: { place: childOf(place, name), node }, names: [...step.names, name] });
      if (steps.length > MOST) throw new Error(`there are more than ${MOST} nodes in it: take it in parts, or by the command line`);
    }
    seen(steps.length);
  }
  return steps;
}
