// The rows of a folder whose names have a text in them: found by the service where it searches, else by going through the folder.
import { signal } from '@preact/signals';
import type { NodeDocument } from '../../model/node.ts';
import { childOf, parentOf, readPlaceText, uriOf, type Place } from '../app/place.ts';
import { nodes, nodeSession, session } from '../app/spaces.ts';
import { byCodePoints } from './blocks.ts';
import { factsOf } from './facts.ts';
import type { Reader, Rows } from './rows.ts';
import { rowOf, type Order, type Row } from './source.ts';

/** Rows that are looked for; who has more of them types more. */
const MOST_FOUND = 5000;
const PAGE = 250;

export class FoundRows implements Rows {
  readonly version = signal(0);
  failure: { readonly thrown: unknown } | undefined;
  starting = true;
  exact = false;
  readonly #ask: (signal: AbortSignal) => AsyncGenerator<NodeDocument>;
  readonly #order: Order;
  readonly #reader: Reader;
  #over = new AbortController();
  #rows: readonly Row[] = [];

  constructor(ask: (signal: AbortSignal) => AsyncGenerator<NodeDocument>, order: Order, reader: Reader) {
    [this.#ask, this.#order, this.#reader] = [ask, order, reader];
    void this.#find(this.#over.signal);
  }

  get total(): number {
    return this.#rows.length;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  indexOf(name: string): number | undefined {
    const at = this.#rows.findIndex((row) => row.name === name);
    return at < 0 ? undefined : at;
  }

  show(): void {
    // All that has been found is at hand.
  }

  seek(prefix: string): Promise<number | undefined> {
    const at = this.#rows.findIndex((row) => row.name.startsWith(prefix));
    return Promise.resolve(at < 0 ? undefined : at);
  }

  collect(first: number, end: number): Promise<readonly Row[]> {
    return Promise.resolve(this.#rows.slice(first, end));
  }

  last(): Promise<number> {
    return Promise.resolve(this.#rows.length - 1);
  }

  refresh(): void {
    this.#over.abort();
    this.#over = new AbortController();
    void this.#find(this.#over.signal);
  }

  close(): void {
    this.#over.abort();
  }

  async #find(over: AbortSignal): Promise<void> {
    const found: Row[] = [];
    const before = this.#rows;
    const show = (): void => {
      // What was found before stays in sight until as much has been found again.
      if (found.length < before.length && !this.exact) return;
      this.#rows = [...found];
      this.starting = false;
      this.version.value++;
    };
    this.failure = undefined;
    this.exact = false;
    try {
      for await (const node of this.#ask(over)) {
        found.push(rowOf(node));
        if (found.length % PAGE === 0) show();
        if (found.length >= MOST_FOUND) break;
      }
      if (over.aborted) return;
      if (this.#order.sort !== 'name' || this.#order.descending) found.sort(comparing(this.#order));
      this.exact = found.length < MOST_FOUND;
      this.#rows = found;
      const names = new Set(found.map(({ name }) => name));
      this.#reader(
        found,
        before.map(({ name }) => name).filter((name) => !names.has(name)),
      );
    } catch (thrown) {
      if (over.aborted) return;
      this.failure = { thrown };
    }
    this.starting = false;
    this.version.value++;
  }
}

function comparing({ sort, descending }: Order): (one: Row, other: Row) => number {
  const sign = descending ? -1 : 1;
  const keyOf = ({ node }: Row): number => (sort === 'length' ? (factsOf(node).size ?? 0) : Date.parse(factsOf(node).modified ?? '') || 0);
  return (one, other) => sign * ((sort === 'name' ? 0 : keyOf(one) - keyOf(other)) || byCodePoints(one.name, other.name));
}

/** Children of a folder, in either case of letters. */
export async function* matching(place: Place, text: string, over: AbortSignal): AsyncGenerator<NodeDocument> {
  const { codec } = await nodeSession(place.authority);
  if (!codec.ours) {
    const small = text.toLowerCase();
    for await (const node of (await nodes(place.authority)).children(place.path || '/', { detail: 'properties', signal: over }))
      if (rowOf(node).name.toLowerCase().includes(small)) yield node;
    return;
  }
  const { search } = await import('../../client/search.ts');
  const name = `*${text.replace(/[*?\\]/g, '\\$&')}*`;
  const query = { name, ignoreCase: true, detail: 'properties', page: PAGE, signal: over } as const;
  // Container by container, this one first.
  for await (const node of search(await session(place.authority), uriOf(place), query)) {
    if (parentOf(readPlaceText(node.uri) ?? childOf(place, '')).path !== place.path) return;
    yield node;
  }
}
