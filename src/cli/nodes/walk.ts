// Trees gone through by the client, where a service does not do so itself.
import { VospaceError } from '../../client/error.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Context } from '../command.ts';
import { below, type NodeTarget } from '../target.ts';
import { nameOf } from './facts.ts';

export interface Found {
  readonly target: NodeTarget;
  readonly node: NodeDocument;
}

/** The node, and everything below it that the caller may read, containers before what is in them. */
export async function* walk(context: Pick<Context, 'spaces' | 'signal'>, target: NodeTarget): AsyncGenerator<Found> {
  const { spaces, signal } = context;
  const space = await spaces.of(target);
  const { node } = await space.nodes.get(target.names, { limit: 0, detail: 'properties', signal });
  yield { target, node };
  if (node.type === 'ContainerNode') yield* walkBelow(context, target);
}

/** The same without the container itself. */
export async function* walkBelow(context: Pick<Context, 'spaces' | 'signal'>, container: NodeTarget): AsyncGenerator<Found> {
  const { spaces, signal } = context;
  const space = await spaces.of(container);
  const open: NodeTarget[] = [container];
  for (let next = open.pop(); next; next = open.pop()) {
    const inside: NodeTarget[] = [];
    try {
      for await (const node of space.nodes.children(next.names, { detail: 'properties', tags: space.session.codec.ours, signal })) {
        const target = below(next, nameOf(node));
        yield { target, node };
        if (node.type === 'ContainerNode') inside.push(target);
      }
    } catch (thrown) {
      // What one may not read is left out, but for the container that was named.
      if (next === container || !(thrown instanceof VospaceError) || ![401, 403, 404].includes(thrown.status ?? 0)) throw thrown;
    }
    open.push(...inside.toReversed());
  }
}
