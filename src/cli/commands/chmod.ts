// `vopipe chmod`: who may read and write nodes.
import { group } from '../../client/groups.ts';
import type { Vospace } from '../../client/vospace.ts';
import { define, type Context } from '../command.ts';
import { forEachNode } from '../each-match.ts';
import { EXIT } from '../exit.ts';
import { closedAbove } from '../nodes/above.ts';
import { allowsAll, isAbsolute, propertiesFor, readChanges, wordsOf, type AccessChange } from '../nodes/access.ts';
import { changeNode } from '../nodes/change.ts';
import { isNotThere } from '../nodes/look.ts';
import { outNode } from '../nodes/out.ts';
import { changeTree, setTree, tellTree } from '../nodes/set-tree.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['[-r] CHANGE... NODE...', '[-r] CHANGE NODE... GROUP...'],
  takes: [2, Infinity],
  details:
    'CHANGE is public (o+r) or private (o-r), or for groups g+r, g+w, g+rw GROUP..., g-r, g-w, g-rw [GROUP]... (without a group: all of\n' +
    'them), g=r GROUP... (these and no others); g may be left out: +r GROUP. GROUP is a name in this VOSpace, or the URI of a group.\n' +
    'To read a node takes the right to read the containers above it, too. A private node may still be read by its groups.',
  options: {
    recursive: { type: 'boolean', short: 'r', help: 'and all that is in a container' },
  },
  examples: [
    ['vopipe chmod -r public vos:/ada/release', 'everybody may read a tree'],
    ['vopipe chmod g+r team vos:/ada vos:/ada/survey', 'a group may, too; others keep what they have'],
    ['vopipe chmod g-w vos:/ada/survey', 'no group may write any more'],
  ],
  async run(context, { args, options }) {
    const nodes = args.filter((arg) => /^vos:/i.test(arg));
    const changes = readChanges(args.filter((arg) => !nodes.includes(arg)));
    if (nodes.length === 0) throw new UsageTrouble('chmod: which node? Such as vos:/survey/m31.fits', 'chmod');
    const done: NodeTarget[] = [];
    const known = new Set<string>();
    const exit = await forEachNode('chmod', context, nodes, async (target) => {
      const named = await withUris(context, target, changes, known);
      await (options.recursive ? changeAll(context, target, named) : change(context, target, named));
      done.push(target);
    });
    await tellClosed(context, done, changes);
    return exit;
  },
});

async function change({ terminal, spaces, signal, json }: Context, target: NodeTarget, changes: readonly AccessChange[]): Promise<void> {
  const node = await changeNode(await spaces.of(target), target.names, (found) => propertiesFor(changes, found), { signal });
  if (json) await outNode(terminal, node);
}

async function changeAll(context: Context, target: NodeTarget, changes: readonly AccessChange[]): Promise<void> {
  const nodes = isAbsolute(changes)
    ? await setTree(context, target, propertiesFor(changes))
    : await changeTree(context, target, (node) => {
        const properties = propertiesFor(changes, node);
        return Object.keys(properties).length === 0 ? undefined : properties;
      });
  await tellTree(context, target, nodes);
}

/** Where more may read a node, but not what is above it, they do not reach it. */
async function tellClosed(context: Context, targets: readonly NodeTarget[], changes: readonly AccessChange[]): Promise<void> {
  const opening = changes.filter(({ isPublic, operation, reads }) => isPublic === true || (reads === true && operation !== '-'));
  if (opening.length === 0) return;
  for (const container of await closedAbove(context, targets, (node) => allowsAll(node, opening))) {
    const text = shown(textOf(container));
    context.terminal.say(
      `vopipe: not everybody who may read what is in ${text} may read ${text}, as that takes: vopipe chmod ${wordsOf(opening)} ${text}`,
    );
  }
}

/** Groups of the VOSpace itself may be called by their names. `known`: those that have been found. Throws Trouble for one that is not there. */
async function withUris(
  { spaces, signal }: Context,
  target: NodeTarget,
  changes: readonly AccessChange[],
  known: Set<string>,
): Promise<readonly AccessChange[]> {
  if (changes.every(({ groups }) => groups.every((name) => name.includes('?')))) return changes;
  const space = await spaces.of(target);
  if (!space.session.codec.ours)
    throw new UsageTrouble('chmod: at this VOSpace groups are named by URIs, such as ivo://example.org/gms?team', 'chmod');
  const authority = await space.authority();
  const uriOf = (name: string): string => (name.includes('?') ? name : `ivo://${authority}/gms?${name}`);
  for (const name of changes.flatMap(({ operation, groups }) => (operation === '-' ? [] : groups))) {
    if (!known.has(uriOf(name)) && !name.includes('?')) await checkGroup(space, name, uriOf(name), signal);
    known.add(uriOf(name));
  }
  return changes.map((one) => ({ ...one, groups: one.groups.map(uriOf) }));
}

async function checkGroup(space: Vospace, name: string, uri: string, signal: AbortSignal): Promise<void> {
  try {
    await group(space, name, { signal });
  } catch (thrown) {
    if (!isNotThere(thrown)) throw thrown;
    throw new Trouble(`there is no group ${shown(name)} in this VOSpace`, {
      exit: EXIT.notFound,
      advice: `One that is kept elsewhere, as by an issuer of tokens, is named by its URI: ${shown(uri)}`,
    });
  }
}
