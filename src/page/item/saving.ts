// Saving: what differs is sent, node by node, if nobody else was quicker; or to everything below, as a job.
import { VospaceError } from '../../client/error.ts';
import { isSameNode } from '../../client/place.ts';
import type { Properties } from '../../client/nodes.ts';
import type { TreeOutcome } from '../../client/trees.ts';
import type { JobDocument } from '../../model/job.ts';
import type { NodeDocument } from '../../model/node.ts';
import { changed } from '../app/changes.ts';
import { parentOf, readPlaceText, uriOf } from '../app/place.ts';
import { nodes as nodesOf, vospace } from '../app/spaces.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { changesOf } from './draft.ts';
import { forEach } from './each.ts';
import type { Edit } from './edit.ts';
import { AT_ONCE } from './read-nodes.ts';
import { saveOne } from './save-one.ts';

export interface Refused {
  readonly uri: string;
  readonly trouble: Trouble;
}

export interface Saved {
  /** Nodes that were changed. */
  readonly count: number;
  readonly refused: readonly Refused[];
  /** Somebody else had changed the same of some of them, which is shown. Nothing of theirs was overwritten. */
  readonly conflicts: boolean;
}

/** `progress`: nodes that have been tried. Throws where nothing can be asked at all. */
export async function save(edit: Edit, progress: (count: number) => void): Promise<Saved> {
  const before = edit.nodes.peek() ?? [];
  await edit.refresh();
  if (edit.conflicts.peek().length > 0) return { count: 0, refused: [], conflicts: true };
  const gone = edit.lost.peek().flatMap(({ target, trouble }): Refused[] => {
    const uri = uriOf(target.place);
    return before.some((node) => isSameNode(node.uri, uri)) ? [{ uri, trouble }] : [];
  });
  const draft = edit.draft.peek();
  const space = await nodesOf(edit.authority);
  const touched = (edit.nodes.peek() ?? []).filter((node) => Object.keys(changesOf(node, draft)).length > 0);
  const outcomes = await forEach(touched, AT_ONCE, (node) => saveOne(space, node, draft), progress);
  const refused = outcomes.flatMap((one) => ('thrown' in one ? [{ uri: one.of.uri, trouble: troubleOf(one.thrown) }] : []));
  refused.push(...gone);
  const results = outcomes.flatMap((one) => ('result' in one ? [one.result] : []));
  const conflicts = results.flatMap((one) => one.conflicts);
  edit.take(
    results.map(({ node }) => node),
    conflicts,
  );
  // What the service spells otherwise than it was typed is saved as well.
  if (refused.length === 0 && conflicts.length === 0) edit.discard();
  changed(...edit.targets.flatMap(({ place }) => [parentOf(place), place]));
  return { count: results.filter((one) => one.conflicts.length === 0).length, refused, conflicts: conflicts.length > 0 };
}

/** The same properties for a container and everything below it. Resolves when the job has ended; what is refused is in the outcome. */
export async function saveBelow(
  edit: Edit,
  container: NodeDocument,
  properties: Properties,
  progress: (job: JobDocument) => void,
): Promise<TreeOutcome | undefined> {
  await edit.refresh();
  if (edit.conflicts.peek().length > 0) return undefined;
  const { trees } = await vospace(edit.authority);
  const outcome = await trees.set(container.uri, { properties, type: container.type }, { progress });
  await edit.refresh().catch((thrown: unknown) => {
    if (!(thrown instanceof VospaceError)) throw thrown;
  });
  for (const uri of Object.keys(properties)) edit.undo(uri);
  const place = readPlaceText(container.uri);
  if (place) changed(place, parentOf(place));
  return outcome;
}
