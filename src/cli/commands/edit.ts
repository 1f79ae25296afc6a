// `vopipe edit`: the properties of a node in the person's editor.
import { VospaceError } from '../../client/error.ts';
import type { Properties } from '../../client/nodes.ts';
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { isAnswered } from '../ask.ts';
import { define, type Context } from '../command.ts';
import { Draft } from '../edit/editor.ts';
import { differences, formatText, parseText, withMistakes } from '../edit/text.ts';
import { EXIT } from '../exit.ts';
import { readSingle } from '../glob.ts';
import { counted } from '../nodes/amounts.ts';
import { changeNode } from '../nodes/change.ts';
import { typeWord } from '../nodes/facts.ts';
import { outNode } from '../nodes/out.ts';
import { shortName } from '../nodes/property-names.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { explain, Trouble } from '../trouble.ts';

export const command = define({
  usage: ['NODE...'],
  takes: [1, Infinity],
  details:
    'The editor is $VISUAL, or $EDITOR, or vi. Only what you have changed is sent, and only if nobody else has changed it meanwhile.\n' +
    'What cannot be understood is shown again with the reason. An empty text changes nothing. The exit code is 5 where somebody else\n' +
    'was quicker, and what you have written is kept in a file.',
  options: {},
  examples: [
    ['vopipe edit vos:/ada/m31.fits', 'title, description, and all else that you may set'],
    ['EDITOR="code --wait" vopipe edit vos:/ada/survey', 'in another editor'],
  ],
  async run(context, { args }) {
    return forEach(
      context,
      args.map((arg) => readSingle('edit', arg)),
      (target) => edit(context, target),
    );
  },
});

async function edit(context: Context, target: NodeTarget): Promise<void> {
  const { terminal, json } = context;
  const before = await read(context, target);
  const draft = new Draft(`${(target.names.at(-1) ?? 'root').replaceAll(/[^\w.-]/g, '_').slice(-60)}.properties`);
  let kept = false;
  try {
    const after = await edited(context, draft, formatText(`${textOf(target)} (${typeWord(before)})`, before));
    const changes = after ? differences(before, after) : {};
    const count = Object.keys(changes).length;
    if (count === 0) {
      terminal.say('vopipe: nothing was changed');
      if (json) await outNode(terminal, before);
      return;
    }
    const node = await send(context, target, before, changes);
    if (json) await outNode(terminal, node);
    else terminal.say(`${shown(textOf(target))}: ${counted(count, 'property', 'properties')} changed`);
  } catch (thrown) {
    kept = draft.isWritten;
    if (kept) terminal.error(`vopipe: what you have written is in ${draft.file}`);
    throw thrown;
  } finally {
    if (!kept) draft.remove();
  }
}

/** Undefined where the person has given up. Reopens what is not understood, where a program is the editor a few times; the same text twice would be asked for ever. */
async function edited(context: Context, draft: Draft, first: string): Promise<ReadonlyMap<string, string> | undefined> {
  for (let [text, last, left] = [first, '', isAnswered(context.terminal) ? Infinity : 5]; ;) {
    const written = await draft.edit(text, context);
    const { properties, mistakes, empty } = parseText(written);
    if (written.trim() === '' || empty) return undefined;
    if (mistakes.length === 0) return properties;
    if (written === text || written === last || (left -= 1) === 0) {
      const lines = mistakes.map(({ line, what }) => `  line ${line}: ${what}`);
      throw new Trouble(['edit: this is not understood:', ...lines].join('\n'), { exit: EXIT.usage, advice: 'Nothing was changed.' });
    }
    [text, last] = [withMistakes(written, mistakes), written];
  }
}

/** Throws Trouble where what is to be changed is not what it was. Others may change the rest meanwhile. */
async function send(context: Context, target: NodeTarget, before: NodeDocument, changes: Properties): Promise<NodeDocument> {
  const decide = (now: NodeDocument): Properties => {
    const lost = Object.keys(changes).filter((uri) => valueIn(now, uri) !== valueIn(before, uri));
    if (lost.length === 0) return changes;
    throw new Trouble(`somebody else has changed ${lost.map((uri) => shown(shortName(uri))).join(', ')} of ${textOf(target)} meanwhile`, {
      exit: EXIT.conflict,
      advice: 'Nothing was changed. Edit it again.',
    });
  };
  try {
    return await changeNode(await context.spaces.of(target), target.names, decide, { signal: context.signal });
  } catch (thrown) {
    if (!(thrown instanceof VospaceError)) throw thrown;
    throw new Trouble(thrown.message, { exit: explain(thrown).exit, advice: `Nothing was changed. ${thrown.advice}` });
  }
}

async function read({ spaces, signal }: Context, target: NodeTarget): Promise<NodeDocument> {
  const { nodes } = await spaces.of(target);
  return (await nodes.get(target.names, { limit: 0, detail: 'max', signal })).node;
}
