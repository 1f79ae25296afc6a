// The keys of a map in a flow file, taken one after the other: each of the right kind, and none that nobody knows.
import { didYouMean } from '../nearest.ts';
import { timeIn } from '../nodes/when.ts';
import { FlowTrouble, type Entry, type Position, type Tree } from './tree.ts';

const KINDS = { map: 'a map', list: 'a list', scalar: 'a single value' } as const;

export class Fields {
  readonly #file: string;
  readonly #path: string;
  readonly #at: Position;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** Throws FlowTrouble for a tree that is no map, and for keys that are none of `known`; `known` undefined: any names that may be names. */
  constructor(file: string, tree: Tree, path: string, known: readonly string[] | undefined) {
    this.#file = file;
    this.#path = path;
    this.#at = tree.at;
    const isEmpty = tree.kind === 'scalar' && tree.value === null;
    if (tree.kind !== 'map' && !isEmpty) throw this.trouble(tree.at, `is ${describe(tree)}, not a map of keys and values`);
    const entries = tree.kind === 'map' ? tree.entries : [];
    this.#entries = new Map(entries.map((entry) => [entry.key, entry]));
    for (const { key, keyAt } of entries) {
      if (known?.includes(key)) continue;
      if (known === undefined && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(key)) continue;
      if (known === undefined) throw this.trouble(keyAt, `${JSON.stringify(key)} is no name: letters, digits, _ . and - are, 64 at most`);
      throw this.trouble(keyAt, `there is no key ${JSON.stringify(key)}${didYouMean(key, known, `; there are ${known.join(', ')}`)}`);
    }
  }

  get at(): Position {
    return this.#at;
  }

  trouble(at: Position, message: string, key = ''): FlowTrouble {
    return new FlowTrouble(this.#file, at, [this.#path, key].filter((part) => part !== '').join('.'), message);
  }

  /** A message about a key's value. */
  wrong(key: string, message: string): FlowTrouble {
    return this.trouble(this.#entries.get(key)?.value.at ?? this.#at, message, key);
  }

  keys(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  tree(key: string): Tree | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  text(key: string): string | undefined {
    const tree = this.tree(key);
    if (tree === undefined) return undefined;
    // A name may look like a number.
    if (tree.kind === 'scalar' && (typeof tree.value === 'string' || typeof tree.value === 'number') && tree.value !== '')
      return String(tree.value);
    throw this.wrong(key, `is ${describe(tree)}, not a text`);
  }

  needed(key: string): string {
    const text = this.text(key);
    if (text === undefined) throw this.trouble(this.#at, `${key} is missing`);
    return text;
  }

  flag(key: string): boolean | undefined {
    const tree = this.tree(key);
    if (tree === undefined) return undefined;
    if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
    throw this.wrong(key, `is ${describe(tree)}, not true or false`);
  }

  count(key: string, least: number, most: number): number | undefined {
    const tree = this.tree(key);
    if (tree === undefined) return undefined;
    const value = tree.kind === 'scalar' ? tree.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.wrong(key, `is ${describe(tree)}, not a whole number from ${least} to ${most}`);
  }

  /** What `read` makes of a text; where that is nothing it was to be `wanted`. */
  read<T>(key: string, read: (text: string) => T | undefined, wanted: string): T | undefined {
    const text = this.text(key);
    const value = text === undefined ? undefined : read(text);
    if (text === undefined || value !== undefined) return value;
    throw this.wrong(key, `${JSON.stringify(text)} is not ${wanted}`);
  }

  /** A number of seconds, or a time: `90`, `5min`. */
  seconds(key: string, most: number): number | undefined {
    return this.read(key, (text) => timeIn(text, 1, most), `a time from 1s to ${most / 3600}h`);
  }

  oneOf<const T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = values.find((value) => value === text);
    if (text === undefined || found !== undefined) return found;
    throw this.wrong(key, `${JSON.stringify(text)} is none of ${values.join(', ')}${didYouMean(text, values)}`);
  }

  /** One text is a list of one. */
  texts(key: string): readonly string[] | undefined {
    const tree = this.tree(key);
    if (tree?.kind !== 'list') {
      const one = this.text(key);
      return one === undefined ? undefined : [one];
    }
    return tree.items.map((item) => {
      if (item.kind === 'scalar' && (typeof item.value === 'string' || typeof item.value === 'number')) return String(item.value);
      throw this.trouble(item.at, `has ${describe(item)} in it, not a text`, key);
    });
  }

  fields(key: string, known: readonly string[] | undefined): Fields {
    const tree = this.tree(key) ?? { kind: 'map', at: this.#at, entries: [] };
    return new Fields(this.#file, tree, this.pathOf(key), known);
  }
}

function describe(tree: Tree): string {
  if (tree.kind !== 'scalar') return KINDS[tree.kind];
  return tree.value === null ? 'empty' : JSON.stringify(tree.value);
}
