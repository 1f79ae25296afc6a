// `vopipe mv`: nodes renamed or moved, with everything below them, by the service.
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { expandNodes, readSingle } from '../glob.ts';
import { typeHere } from '../nodes/look.ts';
import { watched } from '../status.ts';
import { below, textOf, whereOf, type NodeTarget } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  summary: 'rename or move nodes',
  usage: ['[OPTION]... SOURCE TARGET', '[OPTION]... SOURCE... CONTAINER'],
  takes: [2, Infinity],
  details:
    'Inside one VOSpace no bytes are moved, and nothing is seen of it before all of it is there. What is in the way is never\n' +
    'replaced. A target that ends with a slash has to be a container.',
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
    const type = await typeHere(context, target);
    const isContainer = type === 'ContainerNode';
    if (!isContainer && (sources.length > 1 || target.folder))
      throw new Trouble(`${textOf(target)} is ${type === undefined ? 'not there' : 'no container'}`, {
        exit: type === undefined ? EXIT.notFound : EXIT.conflict,
        advice: 'vopipe mkdir makes a container.',
      });
    return forEach(context, sources, (source) =>
      move(context, source, isContainer ? below(target, nameAt(source)) : target, options.verbose),
    );
  },
});

async function move(context: Context, source: NodeTarget, target: NodeTarget, verbose: boolean): Promise<void> {
  const { terminal, spaces, json } = context;
  const [from, to] = [await spaces.of(source), await spaces.of(target)];
  const texts = [textOf(source), textOf(target)] as const;
  if (from !== to)
    throw new Trouble(`mv: ${texts[0]} and ${texts[1]} are in two VOSpaces`, {
      exit: EXIT.usage,
      advice: 'Copy with vopipe cp, then vopipe rm.',
    });
  // Into a container a node goes under its own name anyway: so what is there under that name is found before.
  if ((await typeHere(context, target)) !== undefined) throw new Trouble(`${texts[1]} is there already`, { exit: EXIT.conflict });
  const [one, other] = texts.map(shown);
  const { uri } = await watched(context, `moving ${one}`, (waiting) => from.move(whereOf(source), whereOf(target), waiting));
  if (json) await terminal.json({ from: await from.session.uriOf(whereOf(source)), to: uri });
  if (verbose) terminal.say(`${one} -> ${other}`);
}

function nameAt(source: NodeTarget): string {
  const name = source.names.at(-1);
  if (name === undefined) throw new UsageTrouble('mv: the root of a VOSpace cannot be moved', 'mv');
  return name;
}
