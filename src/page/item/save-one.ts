// Saving one node under the condition that it is as it was seen. What others change of it meanwhile, and the draft does not, is no obstacle.
import { VospaceError } from '../../client/error.ts';
import type { Nodes } from '../../client/nodes.ts';
import type { NodeDocument } from '../../model/node.ts';
import { changesOf, conflictsOf, type Conflict, type Draft } from './draft.ts';

export interface SavedOne {
  /** As it is: changed, or as somebody else has left it. */
  readonly node: NodeDocument;
  readonly conflicts: readonly Conflict[];
}

/** Others who are quicker so often in a row are a program. */
const TRIES = 6;

/** Throws what the service says; where it has no tags, as other VOSpaces, the change is made without condition. */
export async function saveOne(space: Pick<Nodes, 'get' | 'set'>, seen: NodeDocument, draft: Draft): Promise<SavedOne> {
  let present = seen;
  for (let tries = 1; ; tries++) {
    const properties = changesOf(present, draft);
    if (Object.keys(properties).length === 0) return { node: present, conflicts: [] };
    try {
      const node = await space.set(present.uri, { properties, type: present.type }, { detail: 'max', condition: present.tag });
      return { node, conflicts: [] };
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'PreconditionFailed' || tries === TRIES) throw thrown;
    }
    present = (await space.get(present.uri, { detail: 'max', limit: 0 })).node;
    const conflicts = conflictsOf(seen, present, draft);
    if (conflicts.length > 0) return { node: present, conflicts };
  }
}
