// `vopipe find`: nodes by what is known of them, found by the service, or by going through the tree where a service cannot.
import { namesOf } from '../../client/place.ts';
import type { Query } from '../../client/search.ts';
import type { Vospace } from '../../client/vospace.ts';
import { matchesGlob, parseGlob } from '../../model/glob.ts';
import { valueIn, type NodeDocument, type NodeType } from '../../model/node.ts';
import { CREATOR } from '../../model/property.ts';
import { define, type Context } from '../command.ts';
import { forEachNode } from '../each-match.ts';
import { quoted } from '../glob.ts';
import { Table } from '../nodes/columns.ts';
import { dateOf, mark, nameOf, sizeOf } from '../nodes/facts.ts';
import { arrow, LONG_RIGHT, longCells } from '../nodes/long.ts';
import { outNode } from '../nodes/out.ts';
import { propertyUri } from '../nodes/property-names.ts';
import { walkBelow, type Found } from '../nodes/walk.ts';
import { parseBetween, parseBytes, parseWhen } from '../nodes/when.ts';
import type { NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { UsageTrouble } from '../trouble.ts';

const TYPES: Readonly<Record<string, readonly NodeType[]>> = {
  container: ['ContainerNode'],
  data: ['DataNode', 'UnstructuredDataNode', 'StructuredDataNode'],
  link: ['LinkNode'],
};

export const command = define({
  usage: ['[OPTION]... [CONTAINER]...'],
  takes: [0, Infinity],
  details:
    'All that is asked for must be true of a node. Names are written so that they may be arguments again: before * ? and [ stands \\.\n' +
    'Characters that would turn a line around are shown as \\u{202e}: -0 and --json have them as they are.\n' +
    'A property is KEY (the node has it), KEY=VALUE, or KEY*=TEXT (TEXT is in its value); KEY is a short name, such as title, or a URI.',
  options: {
    name: { type: 'string', short: 'n', value: 'PATTERN', help: 'the name: * any characters, ? one, \\ takes their meaning away' },
    iname: { type: 'string', value: 'PATTERN', help: 'the same, the letters A to Z in either case' },
    type: { type: 'string', short: 't', oneOf: Object.keys(TYPES), help: 'what it is' },
    size: { type: 'string', value: 'FROM..TO', help: 'bytes of a data node: 1M..2G, 1MiB.., ..500; MB and so on count by 1000' },
    date: { type: 'string', value: 'FROM..TO', help: 'the last change: 2026-11-01..2026-11-22, or 7d.. for the last seven days' },
    property: { type: 'string', short: 'p', value: 'PROPERTY', multiple: true, help: 'KEY, KEY=VALUE or KEY*=TEXT' },
    owner: { type: 'string', value: 'USER', help: 'whose it is' },
    long: { type: 'boolean', short: 'l', help: 'access, owner, size and date of each' },
    print0: { type: 'boolean', short: '0', help: 'each followed by a null character, and odd characters as they are: for xargs -0' },
  },
  examples: [
    ["vopipe find vos:/ada --name '*.fits' --size 1M..", 'large files'],
    ["vopipe find vos:/ada --property 'title*=M31' --date 7d..", 'changed in the last week, with M31 in the title'],
    ["vopipe find vos:/ada --name '*.tmp' -0 | xargs -0 -r vopipe rm", 'what was found, deleted'],
  ],
  async run(context, { args, options }) {
    const query = queryOf(options);
    return forEachNode('find', context, args.length === 0 ? ['vos:/'] : args, async (container) => {
      const table = new Table(LONG_RIGHT);
      for await (const { target, node } of found(context, container, query)) {
        if (context.json) await outNode(context.terminal, node);
        else if (options.print0) await context.terminal.out(`${quoted(target)}\0`);
        else {
          const name = `${shown(quoted(target))}${mark(node)}`;
          await context.terminal.out(options.long ? table.lines([[...longCells(node, false), name + arrow(node)]]) : `${name}\n`);
        }
      }
    });
  },
});

interface Wanted {
  readonly name?: string | undefined;
  readonly iname?: string | undefined;
  readonly type?: string | undefined;
  readonly size?: string | undefined;
  readonly date?: string | undefined;
  readonly property: readonly string[];
  readonly owner?: string | undefined;
}

function queryOf({ name, iname, type, size, date, property, owner }: Wanted): Query {
  if (name !== undefined && iname !== undefined) throw new UsageTrouble('find: --name and --iname exclude each other', 'find');
  const now = Date.now();
  const sizes = between('size', size, parseBytes);
  const dates = between('date', date, (text, last) => parseWhen(text, { now, sign: -1, ends: last }));
  return {
    name: name ?? iname,
    ignoreCase: iname !== undefined,
    properties: Object.fromEntries(property.map(readProperty)),
    types: type === undefined ? [] : (TYPES[type] ?? []),
    size: sizes,
    date: dates,
    owner,
    detail: 'properties',
  };
}

function between(option: string, text: string | undefined, parse: (end: string, last: boolean) => number | undefined) {
  if (text === undefined) return undefined;
  const range = parseBetween(text, parse);
  if (!range) throw new UsageTrouble(`find: --${option} ${JSON.stringify(text)} is not understood`, 'find');
  return range;
}

type Test = true | string | { readonly contains: string };

function readProperty(text: string): readonly [uri: string, test: Test] {
  const [, bracketed, plain = '', operator, value = ''] = /^(?:<([^>]+)>|([^=*]+))(?:(\*?=)([^]*))?$/.exec(text) ?? [];
  const key = bracketed ?? plain;
  if (key === '') throw new UsageTrouble(`find: --property ${JSON.stringify(text)} is none of KEY, KEY=VALUE, KEY*=TEXT`, 'find');
  return [propertyUri(key), operator === undefined ? true : operator === '=' ? value : { contains: value }];
}

async function* found(context: Context, container: NodeTarget, query: Query): AsyncGenerator<Found> {
  const space: Vospace = await context.spaces.of(container);
  const { signal } = context;
  if (space.session.codec.ours) {
    for await (const node of space.search(container.names, { ...query, signal })) {
      const names = namesOf(node.uri);
      yield { node, target: { ...container, names, folder: false } };
    }
    return;
  }
  for await (const one of walkBelow(context, container)) if (isMeant(one.node, query)) yield one;
}

/** What the service would say of it. */
function isMeant(node: NodeDocument, { name, ignoreCase = false, properties = {}, types = [], size, date, owner }: Query): boolean {
  if (name !== undefined && !matchesGlob(parseGlob(name, ignoreCase), nameOf(node).normalize('NFC'))) return false;
  if (types.length > 0 && !types.includes(node.type)) return false;
  if (size && (node.type === 'ContainerNode' || !isBetween(sizeOf(node), size))) return false;
  if (date && !isBetween(dateOf(node), { from: timeOf(date.from), to: timeOf(date.to) })) return false;
  if (owner !== undefined && valueIn(node, CREATOR) !== owner) return false;
  return Object.entries(properties).every(([uri, test]) => {
    const value = valueIn(node, uri);
    return value !== undefined && (test === true || (typeof test === 'string' ? value === test : value.includes(test.contains)));
  });
}

function isBetween(
  value: number | undefined,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): boolean {
  return value !== undefined && (from === undefined || value >= from) && (to === undefined || value <= to);
}

function timeOf(time: number | Date | undefined): number | undefined {
  return time === undefined ? undefined : Number(time);
}
