// Nodes are copied or moved into a folder: what is in the way is asked about once, then each goes its way, a few at a time.
import { changed } from '../app/changes.ts';
import { childOf, filesHref, nameOf, parentOf, placeText, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { formatCount, plural } from '../kit/format.ts';
import { eachOf } from './each-of.ts';
import { freeName } from './free-name.ts';
import { askAboutConflicts } from './conflict-dialog.tsx';
import { findConflicts } from './conflicts.ts';
import { relocate, relocateOver } from './relocate.ts';
import { runTask } from './task.ts';
import { isWithin } from './within.ts';

export type How = 'copy' | 'move';

/** Jobs at the same time. */
const ABREAST = 3;

const WORDS = {
  copy: { doing: 'Copying', done: 'copied' },
  move: { doing: 'Moving', done: 'moved' },
} as const;

export async function send(targets: readonly Target[], to: Place, how: How): Promise<void> {
  const inside = targets.find(({ place }) => isWithin(to, place));
  if (inside) throw new Error(`“${nameOf(inside.place)}” cannot go into itself`);
  const conflicts = await findConflicts(targets, to);
  const answer = conflicts.length > 0 ? await askAboutConflicts(conflicts, to, how) : 'skip';
  if (answer === undefined) return;
  const taken = new Set(conflicts.map(({ target }) => target));
  const going = answer === 'skip' ? targets.filter((target) => !taken.has(target)) : targets;
  if (going.length === 0) return;
  const [only] = going;
  const { doing, done } = WORDS[how];
  const what = going.length === 1 && only ? `“${nameOf(only.place)}”` : plural(going.length, 'item');
  const where = nameOf(to) === '' ? placeText(to) : `“${nameOf(to)}”`;
  const title = `${doing} ${what} to ${where}`;
  await runTask(title, async (task) => {
    let [arrived, ended] = [0, 0];
    await eachOf(going, ABREAST, task.signal, async (target) => {
      const name = nameOf(target.place);
      const waiting = task.waiting(to.authority, ({ nodes, totalNodes }) => {
        if (going.length === 1 && nodes) task.tell(`${title}: ${formatCount(nodes)}`, totalNodes ? nodes / totalNodes : undefined);
      });
      try {
        if (taken.has(target) && answer === 'replace') await relocateOver(target.place, childOf(to, name), how, waiting);
        else {
          const free = taken.has(target) ? await freeName(childOf(to, name), task.signal) : childOf(to, name);
          await relocate(target.place, free, how, waiting);
        }
        arrived++;
      } catch (thrown) {
        task.failed(name, thrown);
      }
      ended++;
      if (going.length > 1) task.tell(title, ended / going.length);
      changed(to, ...(how === 'move' ? [parentOf(target.place)] : []));
    });
    const text =
      going.length === 1 ? `${what} is ${arrived === 1 ? '' : 'not '}${done}.` : `${formatCount(arrived)} of ${what} are ${done}.`;
    return { text, link: { href: filesHref(to), label: 'Show' } };
  });
}
