// Nodes are copied or moved into a folder: what is in the way is asked about once, then each goes its way, a few at a time.
import { VospaceError } from '../../client/error.ts';
import { changed } from '../app/changes.ts';
import { childOf, filesHref, isSamePlace, nameOf, parentOf, placeText, type Place } from '../app/place.ts';
import { askToSignIn } from '../app/sign-in-door.ts';
import type { Target } from '../app/target.ts';
import { formatCount, plural } from '../kit/format.ts';
import { carryAll } from './carry.ts';
import { eachOf } from '../kit/each-of.ts';
import { freeName } from './free-name.ts';
import { askAboutConflicts } from './conflict-dialog.tsx';
import { findConflicts } from './conflicts.ts';
import { relocate, relocateOver } from './relocate.ts';
import { runTask } from './task.ts';
import { isWithin } from './within.ts';
import { called } from './words.ts';

export type How = 'copy' | 'move';

/** Jobs at the same time. */
const ABREAST = 3;

const WORDS = {
  copy: { doing: 'Copying', done: 'copied' },
  move: { doing: 'Moving', done: 'moved' },
} as const;

export async function send(targets: readonly Target[], to: Place, how: How): Promise<void> {
  const inside = targets.find(({ place }) => isWithin(to, place));
  if (inside) throw new Error(`“${nameOf(inside.place)}” cannot go into itself.`);
  if (how === 'move' && targets.every(({ place }) => isSamePlace(parentOf(place), to))) return;
  // A copy in the folder where the original is gets another name.
  const isDouble = ({ place }: Target): boolean => isSamePlace(parentOf(place), to);
  const conflicts = await findConflicts(
    targets.filter((target) => !isDouble(target)),
    to,
  ).catch((thrown: unknown) => {
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'NotAuthenticated') throw thrown;
    askToSignIn(to.authority);
    throw new Error(`sign in to ${to.authority} first, and try again.`, { cause: thrown });
  });
  const answer = conflicts.length > 0 ? await askAboutConflicts(conflicts, to, how) : 'skip';
  if (answer === undefined) return;
  const taken = new Map(conflicts.map(({ target, there }) => [target, there]));
  const going = answer === 'skip' ? targets.filter((target) => !taken.has(target)) : targets;
  if (going.length === 0) return;
  const { doing, done } = WORDS[how];
  const what = called(going);
  const between = going.some(({ place }) => place.authority !== to.authority);
  const where = ` to ${between || nameOf(to) === '' ? placeText(to) : `“${nameOf(to)}”`}`;
  const title = `${doing} ${what}${where}`;
  await runTask(title, async (task) => {
    let [arrived, ended] = [0, 0];
    const sendOne = async (target: Target): Promise<boolean> => {
      const place = childOf(to, nameOf(target.place));
      const there = taken.get(target);
      const free = isDouble(target) || (there && answer === 'both') ? await freeName(place, task.signal) : place;
      const over = answer === 'replace' ? there : undefined;
      if (target.place.authority !== to.authority) return carryAll(target, free, { task, how, over, title });
      const waiting = task.waiting(to.authority, ({ nodes, totalNodes }) => {
        if (going.length === 1 && nodes) task.tell(`${title}: ${plural(nodes, 'node')}`, totalNodes ? nodes / totalNodes : undefined);
      });
      await (over ? relocateOver : relocate)(target.place, free, how, waiting);
      return true;
    };
    const each = async (target: Target): Promise<void> => {
      try {
        if (await sendOne(target)) arrived++;
      } catch (thrown) {
        task.failed(nameOf(target.place), thrown);
      }
      ended++;
      if (going.length > 1 && !between) task.tell(title, ended / going.length);
      changed(to, ...(how === 'move' ? [parentOf(target.place)] : []));
    };
    await eachOf(going, between ? 1 : ABREAST, each, task.signal);
    const text =
      going.length === 1
        ? `${what} is ${arrived === 1 ? '' : 'not '}${done}${where}.`
        : `${formatCount(arrived)} of ${what} are ${done}${where}.`;
    return { text, link: { href: filesHref(to), label: 'Show' } };
  });
}
