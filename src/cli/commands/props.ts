// `vopipe props`: the properties of nodes, shown and set.
import type { Properties } from '../../client/nodes.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { forEachNode } from '../each-match.ts';
import { Table } from '../nodes/columns.ts';
import { outNode } from '../nodes/out.ts';
import { likelyMeant, propertyUri, shortName } from '../nodes/property-names.ts';
import { setTree, tellTree } from '../nodes/set-tree.ts';
import { textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['NODE... [KEY]...', '[-r] NODE... KEY=VALUE... [-d KEY]...'],
  takes: [1, Infinity],
  details:
    'KEY is the short name of a property of the standard, such as title or publicread, a URI, or a word of your own; a URI that holds\n' +
    '= stands in <>: "<urn:x?a=b>", "<urn:x?a=b>=value". Of one KEY of one node only the value is written. vopipe edit sets them in an editor.',
  options: {
    delete: { type: 'string', short: 'd', value: 'KEY', multiple: true, help: 'delete the property' },
    recursive: { type: 'boolean', short: 'r', help: 'set for all that is in a container, too' },
  },
  examples: [
    ['vopipe props vos:/ada/m31.fits', 'all of them'],
    ['vopipe props vos:/ada/m31.fits MD5', 'one value'],
    ["vopipe props vos:/ada/m31.fits title='Andromeda' urn:example:band=V -d quality", 'two set, one deleted'],
    ['vopipe props -r vos:/ada/survey rights=public', 'the same for a tree'],
  ],
  async run(context, { args, options }) {
    const nodes = args.filter((arg) => /^vos:/i.test(arg));
    const words = args.filter((arg) => !nodes.includes(arg));
    if (nodes.length === 0)
      throw new UsageTrouble(`props: ${JSON.stringify(args[0])} is not a node of a VOSpace, such as vos:/survey/m31.fits`, 'props');
    const settings = words.filter((word) => (word.startsWith('<') ? /^<[^>]+>=/.test(word) : word.includes('=')));
    const keys = words.filter((word) => !settings.includes(word)).map(keyOf);
    const changes = changesOf(context, settings, options.delete.map(keyOf));
    const setting = Object.keys(changes).length > 0;
    if (setting && keys.length > 0) throw new UsageTrouble(`props: ${JSON.stringify(keys[0])} has no value: KEY=VALUE, or -d KEY`, 'props');
    if (!setting && options.recursive) throw new UsageTrouble('props: -r sets properties: which?', 'props');
    return forEachNode('props', context, nodes, (target, several) =>
      setting ? set(context, target, changes, options.recursive) : show(context, target, keys, several),
    );
  },
});

/** Without the <> around it. */
function keyOf(word: string): string {
  return /^<([^>]+)>$/.exec(word)?.[1] ?? word;
}

function changesOf({ terminal }: Context, settings: readonly string[], deleted: readonly string[]): Properties {
  const pairs = settings.map((text): readonly [key: string, value: string] => {
    const [, bracketed, plain = '', value = ''] = /^(?:<([^>]+)>|([^=]+))=([^]*)$/.exec(text) ?? [];
    const key = bracketed ?? plain;
    if (key === '') throw new UsageTrouble(`props: ${JSON.stringify(text)} is not KEY=VALUE`, 'props');
    return [key, value];
  });
  for (const key of [...pairs.map(([name]) => name), ...deleted]) {
    const meant = likelyMeant(key);
    if (meant !== undefined) terminal.say(`vopipe: ${shown(key)} is a property of your own; did you mean ${meant}?`);
  }
  const all = [...pairs, ...deleted.map((key) => [key, null] as const)].map(([key, value]) => [propertyUri(key), value] as const);
  const twice = all.find(([uri], i) => all.findIndex(([other]) => other === uri) !== i);
  if (twice) throw new UsageTrouble(`props: ${JSON.stringify(shortName(twice[0]))} is there twice`, 'props');
  const wrong = all.find(([uri]) => /[\s<>"]/.test(uri));
  if (wrong) throw new UsageTrouble(`props: no property can be called ${JSON.stringify(wrong[0])}`, 'props');
  return Object.fromEntries(all);
}

async function set(context: Context, target: NodeTarget, properties: Properties, recursive: boolean): Promise<void> {
  const { terminal, spaces, signal, json } = context;
  if (recursive) return tellTree(context, target, await setTree(context, target, properties));
  const space = await spaces.of(target);
  const node = await space.nodes.set(target.names, { properties }, { signal, detail: 'properties' });
  return json ? outNode(terminal, node) : undefined;
}

async function show(context: Context, target: NodeTarget, keys: readonly string[], several: boolean): Promise<void> {
  const { terminal, spaces, signal, json } = context;
  const space = await spaces.of(target);
  const { node } = await space.nodes.get(target.names, { limit: 0, detail: 'max', signal });
  const [key] = keys;
  const uris = keys.map(propertyUri);
  const listed = node.properties.filter(({ uri }) => keys.length === 0 || uris.includes(uri));
  const isOne = key !== undefined && keys.length === 1 && !several;
  if (isOne && listed.length === 0) throw new Trouble(`${textOf(target)} has no property ${shown(key)}`, { exit: EXIT.notFound });
  if (json) return outNode(terminal, { ...node, properties: listed });
  if (isOne) return showValue(terminal, listed[0]?.value ?? '');
  if (several) await terminal.out(`${shown(textOf(target))}:\n`);
  const rows = listed.map(({ uri, value, readOnly }) => [shown(shortName(uri)), readOnly ? '-' : 'w', shown(value)]);
  await terminal.out(new Table().lines(rows));
  if (several) await terminal.out('\n');
}

/** As it is, for programs; without what would move the cursor, for people. */
function showValue(terminal: Context['terminal'], value: string): Promise<void> {
  return terminal.out(`${terminal.outWatched ? value.split('\n').map(shown).join('\n') : value}\n`);
}
