// What a search finds: whether a row is a hit for its caller, the order of hits, and the answer made of them.
import { matchesGlob } from '../../../model/glob.ts';
import { allows } from '../../../model/permission.ts';
import { compareNames, comparePaths, type SearchPlace } from '../../../model/search.ts';
import { accessOf, nodeState, type Core } from '../core.ts';
import { propertiesOf, sizeOf } from '../nodes/listing.ts';
import type { Call } from '../port.ts';
import type { NodeRow } from '../queries.ts';
import type { Found, SearchQuery } from './port.ts';
import type { Condition, KnownTest } from './queries.ts';

export interface Search {
  readonly core: Core;
  readonly call: Call;
  /** The container that it is to be below. */
  readonly base: number;
  readonly query: SearchQuery;
  readonly tests: readonly KnownTest[];
  readonly condition: Condition;
  /** Its caller may read every node of the Space. */
  readonly readsAll: boolean;
}

export interface Hit {
  readonly row: NodeRow;
  /** Names below the base. */
  readonly container: readonly string[];
}

/** Nodes that are so few are looked at one by one, taken from an index. */
export const FEW = 4000;
/** An answer ends early where nodes are large; as for listings. */
const PAGE_CHARACTERS = 4 * 1024 * 1024;

/** What the condition leaves to be asked: the caller's rights, and the pattern itself. */
export function isHit({ core, call, query }: Search, row: NodeRow): boolean {
  const { name } = query.filter;
  return (name === undefined || matchesGlob(name, row.name)) && allows(accessOf(core, row.access), call.principal, 'read');
}

export function compareHits(a: Hit, b: Hit): number {
  return comparePaths(a.container, b.container) || compareNames(a.row.name, b.row.name);
}

/** `next` is where the hits behind these begin. */
export function answer({ core, call, query }: Search, hits: readonly Hit[], next: SearchPlace | undefined, spent: number): Found {
  const rows = hits.map(({ row }) => row);
  const properties = query.detail === 'min' ? undefined : propertiesOf(core, rows);
  const nodes: Found['nodes'][number][] = [];
  let characters = 0;
  for (const { row, container } of hits) {
    const state = nodeState(core, row, call.principal, properties?.get(row.id) ?? []);
    characters += sizeOf(state);
    if (characters > PAGE_CHARACTERS && nodes.length > 0) return { nodes, next: { container, name: row.name }, spent: 1 };
    nodes.push({ path: [...container, row.name], state });
  }
  return { nodes, ...(next ? { next } : {}), spent };
}
