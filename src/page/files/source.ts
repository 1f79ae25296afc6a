// Where the rows of a folder come from: pages of its listing, and, from this project's service, the names with which they begin.
import type { NodeDocument, SortKey } from '../../model/node.ts';
import { childOf, nameInUri, uriOf, type Place } from '../app/place.ts';
import { nodes, nodeSession } from '../app/spaces.ts';
import { BLOCK, byCodePoints, type ReadPart } from './blocks.ts';

export interface Row {
  readonly name: string;
  readonly node: NodeDocument;
}

export interface Source {
  /** From a child on, inclusive; undefined: from the beginning. */
  readonly page: (from: string | undefined, limit: number, signal: AbortSignal) => Promise<ReadPart<Row>>;
  /** Names of every BLOCK-th child from one on, that one first. Absent where the service does not tell. */
  readonly marks: ((from: string, limit: number, signal: AbortSignal) => Promise<readonly string[]>) | undefined;
  /** The order of names, where the rows are in it. */
  readonly compare: ((one: string, other: string) => number) | undefined;
}

export interface Order {
  readonly sort: SortKey;
  readonly descending: boolean;
}

export function rowOf(node: NodeDocument): Row {
  return { name: nameInUri(node.uri), node };
}

export async function folderSource(place: Place, order: Order): Promise<Source> {
  const [client, { codec }] = await Promise.all([nodes(place.authority), nodeSession(place.authority)]);
  const where = place.path || '/';
  const at = (name: string | undefined) => (name === undefined ? {} : { from: uriOf(childOf(place, name)) });
  const compare = (one: string, other: string): number => (order.descending ? byCodePoints(other, one) : byCodePoints(one, other));
  return {
    page: async (from, limit, signal) => {
      const asked = { ...order, ...at(from), limit: limit + 1, detail: 'properties', signal } as const;
      const { node, children } = await client.get(where, asked);
      if (node.type !== 'ContainerNode') throw new NotAFolder(node);
      const rows = children.map(rowOf);
      if (!codec.ours) await complete(rows, from, limit, async (last) => (await client.get(where, { ...asked, ...at(last) })).children);
      return { rows: rows.slice(0, limit), next: rows[limit]?.name };
    },
    marks: codec.ours
      ? async (from, limit, signal) => {
          const { children } = await client.get(where, { ...order, ...at(from), limit, every: BLOCK, detail: 'min', signal });
          return children.map((child) => rowOf(child).name);
        }
      : undefined,
    compare: codec.ours && order.sort === 'name' ? compare : undefined,
  };
}

/**
 * A page of another service becomes what was asked for: "A server MAY impose a limit" (section 6.3.1.3), so a short one may have more behind
 * it; and one that knows no pages begins at the beginning each time.
 */
async function complete(rows: Row[], from: string | undefined, limit: number, ask: (last: string) => Promise<readonly NodeDocument[]>) {
  rows.splice(
    0,
    rows.findIndex(({ name }) => name === from),
  );
  while (rows.length <= limit) {
    const last = rows.at(-1);
    const known = new Set(rows.map(({ name }) => name));
    const fresh = last === undefined ? [] : (await ask(last.name)).map(rowOf).filter(({ name }) => !known.has(name));
    if (fresh.length === 0) return;
    rows.push(...fresh);
  }
}

/** What was taken for a folder is another kind of node. */
export class NotAFolder extends Error {
  readonly node: NodeDocument;

  constructor(node: NodeDocument) {
    super(`${node.uri} is not a folder`);
    this.node = node;
  }
}
