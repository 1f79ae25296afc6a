// A flow file as values that know where they stand. The only place that knows YAML.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { FlowTrouble, type Entry, type Position, type Tree } from './tree.ts';

/** Longer ones are not flows; nor deeper ones, nor those of more values, which short ones may have by their aliases. */
const MOST = 1024 * 1024;
const DEEPEST = 20;
const MOST_VALUES = 50_000;

/** `file`: for messages. Throws FlowTrouble with line and column for what is no YAML, or more of it than flows need. */
export function readTree(file: string, text: string): Tree {
  const start: Position = { line: 1, column: 1 };
  if (text.length > MOST) throw new FlowTrouble(file, start, '', `has more than ${MOST} characters`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true, version: '1.2' });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new FlowTrouble(file, { line, column: col }, '', error.message.replace(/ at line \d+, column \d+:[^]*$/, ''));
  }
  const positionOf = (node: Node | null | undefined, otherwise: Position): Position => {
    const offset = node?.range?.[0];
    if (offset === undefined) return otherwise;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  let values = 0;
  return treeOf(document.contents, start, 0);

  function treeOf(node: Node | null | undefined, around: Position, depth: number): Tree {
    const at = positionOf(node, around);
    if ((values += 1) > MOST_VALUES) throw new FlowTrouble(file, at, '', `has more than ${MOST_VALUES} values`);
    if (depth > DEEPEST) throw new FlowTrouble(file, at, '', 'is nested too deeply');
    if (isAlias(node)) {
      const meant = node.resolve(document as Document);
      if (!meant) throw new FlowTrouble(file, at, '', `there is no &${node.source} before`);
      return treeOf(meant, at, depth + 1);
    }
    if (isMap(node)) return { kind: 'map', at, entries: node.items.map((pair) => entryOf(pair as Pair<Node, Node | null>, at, depth)) };
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => treeOf(item as Node, at, depth + 1)) };
    const value: unknown = isScalar(node) ? node.value : null;
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      return { kind: 'scalar', at, value: value as string | number | boolean | null };
    throw new FlowTrouble(file, at, '', 'is neither a text, a number, true or false, a list nor a map');
  }

  function entryOf({ key, value }: Pair<Node, Node | null>, around: Position, depth: number): Entry {
    const keyAt = positionOf(key, around);
    const name = isScalar(key) ? String(key.value) : '';
    return { key: name, keyAt, value: treeOf(value, keyAt, depth + 1) };
  }
}
