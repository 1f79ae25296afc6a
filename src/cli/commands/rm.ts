// `vopipe rm`: nodes deleted, containers with everything in them only where that is asked for.
import { confirm, isAnswered } from '../ask.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { forEachMatch } from '../each-match.ts';
import { expandNodes } from '../glob.ts';
import { counted } from '../nodes/amounts.ts';
import { isNotThere } from '../nodes/look.ts';
import { removeOne, removeTree } from '../nodes/remove.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';

/** Requests at a time. */
const PARALLEL = 8;

interface Wanted {
  readonly recursive: boolean;
  readonly force: boolean;
  readonly verbose: boolean;
}

export const command = define({
  usage: ['[OPTION]... NODE...'],
  takes: [1, Infinity],
  details:
    'A link is deleted itself, never what it leads to. Before a container with something in it goes, a person at a terminal is asked.',
  options: {
    recursive: { type: 'boolean', short: 'r', help: 'containers, too, with everything in them' },
    force: { type: 'boolean', short: 'f', help: 'ask nothing, and let what is not there be' },
    verbose: { type: 'boolean', short: 'v', help: 'say what was deleted' },
  },
  examples: [
    ['vopipe rm vos:/ada/old.fits', 'one node'],
    ["vopipe rm 'vos:/ada/tmp/*.tmp'", 'all that match; quoted, so that the pattern reaches vopipe'],
    ['vopipe rm -r vos:/ada/survey', 'a container and all below it'],
  ],
  async run(context, { args, options }) {
    // A person answers one question after the other.
    const parallel = isAnswered(context.terminal) && options.recursive && !options.force ? 1 : PARALLEL;
    let declined = false;
    const begun: NodeTarget[] = [];
    const exit = await forEachMatch(
      context,
      args,
      async (arg) =>
        (await patient(
          () => options.force,
          () => expandNodes('rm', context, [arg]),
        )) ?? [],
      (target) => {
        begun.push(target);
        return patient(
          () => options.force || begun.some((other) => isBelow(target, other)),
          async () => {
            if (!(await remove(context, target, options))) declined = true;
          },
        );
      },
      parallel,
    );
    return exit ?? (declined ? EXIT.interrupted : undefined);
  },
});

/** False: the person does not want it. */
async function remove(context: Context, target: NodeTarget, { recursive, force, verbose }: Wanted): Promise<boolean> {
  const { terminal, spaces, signal, json } = context;
  const text = shown(textOf(target));
  if (target.names.length === 0) throw new Trouble('rm: the root of a VOSpace cannot be deleted', { exit: EXIT.usage });
  const space = await spaces.of(target);
  const { node, children } = await space.nodes.get(target.names, { limit: 1, detail: 'min', signal });
  const isFull = node.type === 'ContainerNode' && children.length > 0;
  if (node.type === 'ContainerNode' && !recursive)
    throw new Trouble(`${textOf(target)} is a container`, {
      exit: EXIT.usage,
      advice: 'vopipe rm -r deletes containers with everything in them.',
    });
  if (isFull && !force && isAnswered(terminal) && !(await confirm(terminal, `vopipe: delete ${text} and everything in it?`, signal)))
    return false;
  const nodes = isFull ? await removeTree(context, space, target) : await removeOne(context, space, target);
  if (json) await terminal.json({ deleted: node.uri, nodes });
  if (verbose) terminal.say(`deleted ${text}${nodes > 1 ? ` (${counted(nodes, 'node')})` : ''}`);
  return true;
}

/** What is deleted with a container that was named, too, may be gone before its turn comes. */
function isBelow({ authority, names }: NodeTarget, container: NodeTarget): boolean {
  return (
    authority === container.authority && names.length > container.names.length && container.names.every((name, i) => names[i] === name)
  );
}

/** `isFine`: what is not there counts as deleted. */
async function patient<T>(isFine: () => boolean, once: () => Promise<T>): Promise<T | undefined> {
  try {
    return await once();
  } catch (thrown) {
    const isGone = isNotThere(thrown) || (thrown instanceof Trouble && thrown.exit === EXIT.notFound);
    if (isGone && isFine()) return undefined;
    throw thrown;
  }
}
