// `vopipe mv`: nodes renamed or moved, with everything below them, by the service.
import { isSameSpace } from '../account/known.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { expandNodes, readSingle } from '../glob.ts';
import { typeAt } from '../nodes/look.ts';
import { watched } from '../status.ts';
import { below, textOf, type NodeTarget } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['[OPTION]... SOURCE TARGET', '[OPTION]... SOURCE... CONTAINER'],
  takes: [2, Infinity],
  details:
    'Inside one VOSpace no bytes are moved, and nothing is seen of it before all of it is there. What is in the way is never\n' +
    'replaced. A target that ends with a slash has to be a container. Between two VOSpaces nodes are copied as by vopipe cp, compared,\n' +
    'and then deleted; what is said of them goes along, but not who may read and write them.',
  options: {
    verbose: { type: 'boolean', short: 'v', help: 'say where each went' },
  },
  examples: [
    ['vopipe mv vos:/ada/m31.fits vos:/ada/andromeda.fits', 'another name'],
    ["vopipe mv 'vos:/ada/*.fits' vos:/ada/images", 'into a container'],
  ],
  async run(context, { args, options }) {
    const sources = await expandNodes('mv', context, args.slice(0, -1));
    const target = readSingle('mv', args.at(-1) ?? '');
    const type = await typeAt(context, target);
    const isContainer = type === 'ContainerNode';
    if (!isContainer && (sources.length > 1 || target.folder))
      throw new Trouble(`${textOf(target)} is ${type === undefined ? 'not there' : 'no container'}`, {
        exit: type === undefined ? EXIT.notFound : EXIT.conflict,
        advice: 'vopipe mkdir makes a container.',
      });
    const [first] = sources;
    const goesOn =
      isContainer && !target.folder && sources.length === 1 && first !== undefined && (await isHalfDone(context, first, target));
    return forEach(context, sources, (source) =>
      move(context, source, isContainer && !goesOn ? below(target, lastName(source)) : target, options.verbose),
    );
  },
});

async function move(context: Context, source: NodeTarget, target: NodeTarget, verbose: boolean): Promise<void> {
  const { terminal, spaces, json } = context;
  const [from, to] = [await spaces.of(source), await spaces.of(target)];
  const isOne = await isSameSpace(from, to, context.signal);
  // Into a container a node goes under its own name anyway: so what is there under that name is found before.
  const isThere = (await typeAt(context, target)) !== undefined;
  if (isThere && (isOne || !(await (await between()).isBegun(context, source, target))))
    throw new Trouble(`${textOf(target)} is there already`, { exit: EXIT.conflict });
  const [one, other] = [source, target].map((node) => shown(textOf(node)));
  let uri = await to.session.uriOf(target.names);
  if (isOne) ({ uri } = await watched(context, `moving ${one}`, (waiting) => from.move(source.names, target.names, waiting)));
  else await (await between()).moveBetween(context, source, target, verbose);
  if (json) await terminal.json({ from: await from.session.uriOf(source.names), to: uri });
  if (verbose) terminal.say(`${one} -> ${other}`);
}

/** The same command once more: the container is that which it has made in another VOSpace. */
async function isHalfDone(context: Context, source: NodeTarget, target: NodeTarget): Promise<boolean> {
  if (await isSameSpace(await context.spaces.of(source), await context.spaces.of(target), context.signal)) return false;
  return (await between()).isBegun(context, source, target);
}

/** It brings everything along that copies bytes. */
function between() {
  return import('../nodes/move-between.ts');
}

function lastName(source: NodeTarget): string {
  const name = source.names.at(-1);
  if (name === undefined) throw new UsageTrouble('mv: the root of a VOSpace cannot be moved', 'mv');
  return name;
}
