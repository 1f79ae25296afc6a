// `vopipe ls`: the children of containers, and nodes by themselves.
import type { Vospace } from '../../client/vospace.ts';
import type { NodeDocument, SortKey } from '../../model/node.ts';
import { define, type Context } from '../command.ts';
import { forEachNode } from '../each-match.ts';
import { grid, Table } from '../nodes/columns.ts';
import { dateOf, mark, nameOf, sizeOf } from '../nodes/facts.ts';
import { arrow, LONG_RIGHT, longCells, painted } from '../nodes/long.ts';
import { outNode } from '../nodes/out.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';

/** Rows that are laid out together: a listing of millions appears as it comes. */
const TOGETHER = 1000;
const SORTS = { name: 'name', size: 'length', date: 'date' } as const satisfies Record<string, SortKey>;

interface Showing {
  readonly long: boolean;
  readonly bytes: boolean;
  readonly one: boolean;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export const command = define({
  usage: ['[OPTION]... [NODE]...'],
  takes: [0, Infinity],
  details:
    'Names of containers end with a slash. Without a node the root of the VOSpace is listed. In names * ? and [a-z]\n' +
    'stand for others (quote them for your shell), and \\ takes their meaning away.',
  options: {
    long: { type: 'boolean', short: 'l', help: 'access, owner, size, date and target of each' },
    bytes: { type: 'boolean', short: 'b', help: 'sizes in bytes' },
    directory: { type: 'boolean', short: 'd', help: 'containers themselves, not what is in them' },
    one: { type: 'boolean', short: '1', help: 'one name a line' },
    sort: { type: 'string', oneOf: ['name', 'size', 'date'], help: 'the largest or the latest first' },
    reverse: { type: 'boolean', short: 'r', help: 'in the reverse order' },
  },
  examples: [
    ['vopipe ls', 'the top of the VOSpace'],
    ['vopipe ls -l vos:/ada/survey', 'access, owner, size and date of each'],
    ["vopipe ls -l --sort size 'vos:/ada/*/*.fits'", 'the largest first; quoted, so that the pattern reaches vopipe'],
    ['vopipe ls --json vos:/ada/survey | jq .uri', 'whole documents, one a line'],
  ],
  async run(context, { args, options }) {
    const { sort = 'name', reverse, long, bytes, one, directory } = options;
    const showing: Showing = { long, bytes, one, sort: SORTS[sort as keyof typeof SORTS], descending: (sort !== 'name') !== reverse };
    const folders: { readonly target: NodeTarget; readonly space: Vospace }[] = [];
    const single: Row[] = [];
    let headed = false;
    const exit = await forEachNode('ls', context, args.length === 0 ? ['vos:/'] : args, async (target, several) => {
      headed = several && !context.json;
      const space = await context.spaces.of(target);
      const { node } = await space.nodes.get(target.names, { limit: 0, detail: 'properties', signal: context.signal });
      if (node.type === 'ContainerNode' && !directory) folders.push({ target, space });
      else single.push({ node, name: textOf(target) });
    });
    await show(context, showing, ordered(single, showing));
    const listed = await forEach(context, folders, async ({ target, space }) => {
      const [first] = folders;
      if (headed) await context.terminal.out(`${single.length > 0 || target !== first?.target ? '\n' : ''}${shown(textOf(target))}:\n`);
      await list(context, showing, space, target);
    });
    return exit ?? listed;
  },
});

interface Row {
  readonly node: NodeDocument;
  /** Instead of its name. */
  readonly name?: string | undefined;
}

async function list(context: Context, showing: Showing, space: Vospace, target: NodeTarget): Promise<void> {
  const { long, sort, descending } = showing;
  const detail = context.json || context.terminal.outWatched || long || sort !== 'name' ? 'properties' : 'min';
  const { ours } = space.session.codec;
  const order = ours ? { sort, descending } : {};
  const batch: Row[] = [];
  const table = new Table(LONG_RIGHT);
  for await (const node of space.nodes.children(target.names, { detail, signal: context.signal, ...order })) {
    batch.push({ node });
    if (batch.length >= TOGETHER && ours) await show(context, showing, batch.splice(0), table);
  }
  await show(context, showing, ours ? batch : ordered(batch, showing), table);
}

/** As the service would: other services know no order but their own. */
function ordered(rows: readonly Row[], { sort, descending }: Showing): readonly Row[] {
  const key = ({ node }: Row): number => (sort === 'length' ? sizeOf(node) : dateOf(node)) ?? 0;
  const compare = (one: Row, other: Row): number =>
    sort === 'name' ? Number(nameOf(one.node) > nameOf(other.node)) - 0.5 : key(one) - key(other);
  return [...rows].sort((one, other) => (descending ? compare(other, one) : compare(one, other)));
}

async function show(context: Context, showing: Showing, rows: readonly Row[], table = new Table(LONG_RIGHT)): Promise<void> {
  const { terminal, json } = context;
  if (rows.length === 0) return;
  if (json) {
    for (const { node } of rows) await outNode(terminal, node);
    return;
  }
  // Only a person reads more than names.
  const says = terminal.outWatched && !showing.long;
  const names = rows.map(({ node, name }) => shown(name ?? nameOf(node)) + mark(node) + (says && node.busy ? ' (being written)' : ''));
  const paint = (at: number): string => painted(names[at] ?? '', rows[at]?.node, terminal.colour);
  if (showing.long)
    await terminal.out(table.lines(rows.map(({ node }, at) => [...longCells(node, showing.bytes), paint(at) + arrow(node)])));
  else if (terminal.outWatched && !showing.one) await terminal.out(grid(names, terminal.columns, paint));
  else await terminal.out(names.map((_, at) => `${paint(at)}\n`).join(''));
}
