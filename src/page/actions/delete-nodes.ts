// The work of deleting: files and links one by one, folders by a job each, which goes on where something is refused.
import { VospaceError } from '../../client/error.ts';
import { changed } from '../app/changes.ts';
import { nameOf, parentOf } from '../app/place.ts';
import { vospace } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { formatCount, plural } from '../kit/format.ts';
import { eachOf } from '../kit/each-of.ts';
import { runTask, type Task } from './task.ts';
import { called } from './words.ts';

/** Requests at the same time. */
const ABREAST = 4;

export function deleteNodes(targets: readonly Target[]): Promise<void> {
  const what = called(targets);
  const title = `Deleting ${what}`;
  return runTask(title, async (task) => {
    let [gone, done] = [0, 0];
    const each = async (target: Target): Promise<void> => {
      try {
        await deleteOne(target, task, (count) => task.tell(`${title}: ${formatCount(count)} deleted`));
        gone++;
      } catch (thrown) {
        task.failed(nameOf(target.place), thrown);
      }
      done++;
      if (targets.length > 1) task.tell(title, done / targets.length);
      changed(parentOf(target.place));
    };
    await eachOf(targets, ABREAST, each, task.signal);
    return {
      text:
        targets.length === 1
          ? gone === 1
            ? `${what} is deleted.`
            : `${what} is not deleted.`
          : `${formatCount(gone)} of ${what} are deleted.`,
    };
  });
}

async function deleteOne({ place, node }: Target, task: Task, counted: (nodes: number) => void): Promise<void> {
  const space = await vospace(place.authority);
  const { signal } = task;
  if (node.type !== 'ContainerNode') return space.nodes.delete(place.path, { signal });
  const waiting = task.waiting(place.authority, ({ nodes }) => nodes !== undefined && counted(nodes));
  try {
    const { notes, errors } = await space.trees.delete(place.path, waiting);
    notes.forEach((note) => task.failed(nameOf(place), new Error(note)));
    if (errors > 0) throw new Error(`${plural(errors, 'node')} could not be deleted`);
    return undefined;
  } catch (thrown) {
    // Another service may have no such job: it deletes what is below in one step.
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'OperationNotSupported') throw thrown;
    return space.nodes.delete(place.path, { signal });
  }
}
