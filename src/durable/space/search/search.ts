// A search below a container: walks only what its caller may read, in bounded steps; a rare property is looked up instead.
import { Fault } from '../../../faults.ts';
import { allows, refusal } from '../../../model/permission.ts';
import { compareNames, justAfter, type NodeFilter, type SearchPlace } from '../../../model/search.ts';
import { all, each, first } from '../../sql.ts';
import { accessOf, type Core } from '../core.ts';
import type { Call } from '../port.ts';
import type { NodeRow } from '../queries.ts';
import { containersBelow, type Container } from './containers.ts';
import { answer, FEW, isHit, type Hit, type Search } from './hits.ts';
import { lookUp } from './lookup.ts';
import type { Found, SearchQuery } from './port.ts';
import * as q from './queries.ts';
import { find } from '../nodes/walk.ts';

/** What one answer may cost: containers entered, names looked at; fewer where each takes a look at its row, or at its properties. */
const MOST_CONTAINERS = 4000;
const MOST_NAMES = 100_000;
const MOST_ROWS = 80_000;
const MOST_WITH_PROPERTIES = 25_000;
/** Rows that the database cannot tell from hits. */
const MOST_REJECTED = 10_000;
/** Permissions of a Space that are asked beforehand whether they let the caller read. */
const MOST_ACCESS = 1000;
/** Containers whose children are read by one statement. */
const BATCH = 250;
/** Greater than any name. */
const LAST = '\u{10FFFF}'.repeat(4);

type Placed = NodeRow & { readonly place: number };

export function searchNodes(core: Core, call: Call, query: SearchQuery): Found {
  const { node } = find(core, call);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${call.uri} is a ${node.type}: nothing is below it`);
  const tests = query.filter.properties.flatMap((test) => {
    const id = first(core.sql, q.FIND_NAME, test.uri)?.id;
    return id === undefined ? [] : [{ ...test, id }];
  });
  // No node of this Space has ever had such a property.
  if (tests.length < query.filter.properties.length) return { nodes: [], spent: 0 };
  const readable = readableBy(core, call);
  const condition = q.conditionOf(query.filter, tests, readable === 'all' ? undefined : readable);
  const search = { core, call, base: node.id, query, tests, condition, readsAll: readable === 'all' };
  return lookUp(search) ?? new Walk(search).run();
}

/** The permissions that let the caller read, or that all do; undefined where they are too many to ask. */
function readableBy(core: Core, { principal }: Call): 'all' | number[] | undefined {
  if (principal.kind === 'user' && principal.admin) return 'all';
  const some = all(core.sql, q.SOME_ACCESS, MOST_ACCESS + 1);
  if (some.length > MOST_ACCESS) return undefined;
  const readable = some.filter(({ id }) => allows(accessOf(core, id), principal, 'read')).map(({ id }) => id);
  return readable.length === some.length ? 'all' : readable;
}

class Walk {
  readonly #search: Search;
  readonly #hits: Hit[] = [];
  readonly #most: number;
  /** The names that can match: from the first, inclusive, to the second, exclusive. */
  readonly #low: string;
  readonly #high: string;
  #containers = 0;
  #rows = 0;
  #rejected = 0;

  constructor(search: Search) {
    this.#search = search;
    const { types, properties, size, date, owner, md5 } = search.query.filter;
    const looksAtRows = types.length > 0 || [size, date, owner, md5].some((test) => test !== undefined);
    this.#most = properties.length > 0 ? MOST_WITH_PROPERTIES : looksAtRows ? MOST_ROWS : MOST_NAMES;
    [this.#low, this.#high] = namesOf(search.query.filter);
  }

  run(): Found {
    const { core, call, base, query } = this.#search;
    const containers = containersBelow(core, call.principal, base, query.from);
    for (let from = query.from?.name ?? ''; ; from = '') {
      const batch: Container[] = [];
      while (batch.length < BATCH && this.#containers < MOST_CONTAINERS) {
        const next = containers.next();
        if (next.done) break;
        batch.push(next.value);
        this.#containers++;
      }
      const last = batch.at(-1);
      if (!last) return this.#answer(undefined);
      const stopped = this.#take(batch, from);
      if (stopped) return this.#answer(stopped);
      if (this.#containers >= MOST_CONTAINERS) return this.#answer({ container: last.path });
    }
  }

  #answer(next: SearchPlace | undefined): Found {
    const spent = Math.max(this.#containers / MOST_CONTAINERS, this.#rows / this.#most);
    return answer(this.#search, this.#hits, next, Math.min(1, spent));
  }

  /** Looks at the children of these containers, in the first of them from a name on. Where it stopped; undefined: at their end. */
  #take(batch: readonly Container[], from: string): SearchPlace | undefined {
    const { core, condition } = this.#search;
    const start = compareNames(from, this.#low) > 0 ? from : this.#low;
    const list = [JSON.stringify(batch.map(({ id }) => id)), start, this.#low] as const;
    const left = this.#most - this.#rows;
    const end = first(core.sql, q.CHILD_FURTHER_ON, ...list, this.#high, left);
    const [only] = batch;
    const few = end?.place === 0 && only ? this.#fewIn(only, start) : undefined;
    if (few && only) {
      this.#rows += Math.min(few.length, left);
      const full = this.#collect(few, batch);
      const rest = batch.slice(1);
      return full ?? (rest.length === 0 ? undefined : this.#take(rest, ''));
    }
    this.#rows += end ? left : (first(core.sql, q.COUNT_CHILDREN, ...list, this.#high, left)?.count ?? 0);
    const stop = end ?? { place: batch.length, name: this.#high };
    const rows = each(core.sql, q.childrenIn(condition), ...list, stop.place, stop.name, this.#high, stop.place, ...condition.values);
    const full = this.#collect(rows, batch);
    return full ?? (end && { container: batch[end.place]?.path ?? [], name: end.name });
  }

  /** Adds hits until the answer is full or has cost enough, and then says where the next begins. */
  #collect(rows: Iterable<Placed>, batch: readonly Container[]): SearchPlace | undefined {
    for (const row of rows) {
      const container = batch[row.place]?.path ?? [];
      const hit = isHit(this.#search, row);
      const isEnough = hit ? this.#hits.length >= this.#search.query.limit : ++this.#rejected > MOST_REJECTED;
      if (isEnough) return { container, name: row.name };
      if (hit) this.#hits.push({ row, container });
    }
    return undefined;
  }

  /** In a large container: its few children of the sizes or dates asked for, by name; undefined where they are many. */
  #fewIn({ id }: Container, start: string): Placed[] | undefined {
    const { core, query, condition } = this.#search;
    const { size, date } = query.filter;
    const ids = this.#idsIn(id, size, q.SIZES_IN) ?? this.#idsIn(id, date, q.DATES_IN);
    if (!ids) return undefined;
    const rows = all(core.sql, q.nodesAmong(condition), JSON.stringify(ids), ...condition.values);
    return rows
      .filter(({ name }) => compareNames(name, start) >= 0 && compareNames(name, this.#high) < 0)
      .toSorted((a, b) => compareNames(a.name, b.name))
      .map((row) => ({ ...row, place: 0 }));
  }

  #idsIn(container: number, range: NodeFilter['size'], statement: typeof q.SIZES_IN): number[] | undefined {
    const rows = range && all(this.#search.core.sql, statement, container, ...q.ends(range), FEW + 1);
    return rows && rows.length <= FEW ? rows.map((row) => row.id) : undefined;
  }
}

function namesOf({ name }: NodeFilter): readonly [string, string] {
  if (name === undefined || name.prefix === '') return ['', LAST];
  return [name.prefix, name.isExact ? justAfter(name.prefix) : name.prefix + LAST];
}
