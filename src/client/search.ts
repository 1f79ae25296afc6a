// Searches, which this project's service offers beside the standard's operations: always in JSON.
import { parseNodeListJson } from '../model/json/node-list.ts';
import type { Detail, NodeDocument, NodeType } from '../model/node.ts';
import { readAs } from './endpoints.ts';
import type { Where } from './place.ts';
import type { Asking, Session } from './session.ts';

/** Both ends inclusive; absent: open. */
export interface Between<T> {
  readonly from?: T | undefined;
  readonly to?: T | undefined;
}

/** All that is given must be true of a node. */
export interface Query extends Asking {
  /** A pattern: `*` any characters, `?` one, `\` before a character that stands for itself. */
  readonly name?: string | undefined;
  /** The pattern's letters A to Z in either case. */
  readonly ignoreCase?: boolean | undefined;
  /** By URI: `true`, that the node has the property; a text, its value; `{ contains }`, a part of its value. */
  readonly properties?: Readonly<Record<string, true | string | { readonly contains: string }>> | undefined;
  /** One of these. */
  readonly types?: readonly NodeType[] | undefined;
  /** Bytes of a data node. */
  readonly size?: Between<number> | undefined;
  /** The last change; epoch milliseconds or a Date. */
  readonly date?: Between<number | Date> | undefined;
  readonly owner?: string | undefined;
  readonly detail?: Detail | undefined;
  /** Nodes in one answer; default 1000. */
  readonly page?: number | undefined;
}

/** Every node below a container that the query finds, page by page, however many. Ends with the caller's loop. */
export async function* search(session: Session, below: Where, query: Query): AsyncGenerator<NodeDocument, void, undefined> {
  const parameters = parametersOf(query);
  parameters.set('below', await session.uriOf(below, query));
  for (let more = true; more;) {
    const call = {
      method: 'GET',
      url: `${session.endpoints.base}/search?${parameters.toString()}`,
      headers: { Accept: 'application/json' },
      signal: query.signal,
    };
    const answer = await session.wire.ask(call);
    const { nodes, cursor } = readAs(parseNodeListJson, answer);
    yield* nodes;
    more = cursor !== undefined;
    parameters.set('cursor', cursor ?? '');
  }
}

function parametersOf({ name, ignoreCase = false, properties = {}, types = [], size, date, owner, detail, page = 1000 }: Query) {
  const parameters = new URLSearchParams({ limit: String(page) });
  if (name !== undefined) parameters.set('name', name);
  if (ignoreCase) parameters.set('case', 'ignore');
  for (const [uri, test] of Object.entries(properties)) {
    const wanted = test === true ? '' : typeof test === 'string' ? `=${test}` : `*=${test.contains}`;
    parameters.append('property', `<${uri}>${wanted}`);
  }
  if (types.length > 0) parameters.set('type', types.join(','));
  if (size) parameters.set('size', `${size.from ?? ''}..${size.to ?? ''}`);
  if (date) parameters.set('date', `${timeOf(date.from)}..${timeOf(date.to)}`);
  if (owner !== undefined) parameters.set('owner', owner);
  if (detail !== undefined) parameters.set('detail', detail);
  return parameters;
}

function timeOf(time: number | Date | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString();
}
