// `vopipe ln`: links to nodes and to URLs.
import { VospaceError } from '../../client/error.ts';
import { define, type Context } from '../command.ts';
import { readSingle } from '../glob.ts';
import { typeAt } from '../nodes/look.ts';
import { outNode } from '../nodes/out.ts';
import { below, textOf, type NodeTarget } from '../target.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['[OPTION]... TARGET LINK', '[OPTION]... TARGET CONTAINER'],
  takes: [2, 2],
  details: 'TARGET is a node, which need not be there, or a URL. In a container the link is called as its target is.',
  options: {
    symbolic: { type: 'boolean', short: 's', help: 'as links always are here' },
    force: { type: 'boolean', short: 'f', help: 'a link that is there leads to TARGET from then on' },
  },
  examples: [
    ['vopipe ln vos:/ada/survey/dr2.csv vos:/ada/latest.csv', 'another name for a file'],
    ['vopipe ln https://example.org/readme.txt vos:/ada/readme.txt', 'a link to somewhere else'],
  ],
  async run(context, { args, options }) {
    const [to = '', from = ''] = args;
    const { spaces, signal, terminal, json } = context;
    const target = await uriOf(context, to);
    const given = readSingle('ln', from);
    const space = await spaces.of(given);
    const link = (await typeAt(context, given)) === 'ContainerNode' ? below(given, lastName(to)) : given;
    if (options.force && (await typeAt(context, link)) === 'LinkNode') {
      const node = await space.nodes.set(link.names, { target }, { signal, detail: 'properties' });
      if (node.target !== target && !space.session.codec.ours)
        throw new Trouble(`${textOf(link)} leads where it led: this VOSpace does not change links`, { advice: 'Delete it first.' });
      return json ? outNode(terminal, node) : undefined;
    }
    const node = await space.nodes.create(link.names, { type: 'LinkNode', target }, { signal }).catch((thrown: unknown) => {
      if (thrown instanceof VospaceError && thrown.fault === 'DuplicateNode')
        throw new VospaceError('DuplicateNode', `${textOf(link)} is there already${options.force ? ', and is no link' : ''}`, {
          cause: thrown,
        });
      throw thrown;
    });
    return json ? outNode(terminal, node) : undefined;
  },
});

async function uriOf({ spaces, signal }: Context, text: string): Promise<string> {
  if (/^vos:/i.test(text)) {
    const target: NodeTarget = readSingle('ln', text);
    // What another VOSpace calls its own is not looked at.
    if (target.authority !== undefined) return target.text.replace(/\/$/, '');
    return (await spaces.of(target)).session.uriOf(target.names, { signal });
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text)) return text;
  throw new UsageTrouble(`ln: ${JSON.stringify(text)} is neither a node nor a URL`, 'ln');
}

function lastName(text: string): string {
  const names = /^vos:/i.test(text)
    ? readSingle('ln', text).names
    : new URL(text).pathname
        .split('/')
        .filter((name) => name !== '')
        .map(decodeURIComponent);
  const name = names.at(-1);
  if (name === undefined) throw new UsageTrouble(`ln: ${JSON.stringify(text)} has no name that the link could have`, 'ln');
  return name;
}
