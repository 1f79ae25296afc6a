// Nodes: read, listed, made, changed and deleted. VOSpace 2.1 sections 6.2 and 6.3.
import { CORE } from '../model/property.ts';
import type { Detail, NodeDocument, NodeInput, NodeType, PropertyInput, SortKey } from '../model/node.ts';
import type { NodeAnswer } from './codec.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { isSameNode, readPlace, type Where } from './place.ts';
import type { Call } from './request.ts';
import type { Asking, Session } from './session.ts';

export interface Sorting {
  /** By name where absent. OpenCADC's services sort by nothing else, and refuse. */
  readonly sort?: SortKey | undefined;
  readonly descending?: boolean | undefined;
}

export interface Getting extends Asking, Sorting {
  readonly detail?: Detail | undefined;
  /** Most children in the answer; absent: all, or as many as the service likes to send. */
  readonly limit?: number | undefined;
  /** The child that the answer begins with, inclusive. */
  readonly from?: string | undefined;
  /** Whether each child tells its `tag`, which the node itself always does. This project's service alone knows it. */
  readonly tags?: boolean | undefined;
  /** Of the children only each so-manyth, 1 to 10,000: where the parts of a long listing begin. This project's service alone knows it. */
  readonly every?: number | undefined;
}

export interface Listing extends Asking, Sorting {
  readonly detail?: Detail | undefined;
  readonly tags?: boolean | undefined;
  /** Children in one answer; default 1000. */
  readonly page?: number | undefined;
  /** The name that the listing begins with, or would if it were there; services other than ours need it to be there. */
  readonly start?: string | undefined;
}

/** Values by property URI; `null` deletes the property. */
export type Properties = Readonly<Record<string, string | null>>;

export interface NewNode {
  readonly type: NodeType;
  readonly properties?: Properties | undefined;
  /** Of a LinkNode. */
  readonly target?: string | undefined;
}

export interface NodeChange {
  readonly properties?: Properties | undefined;
  /** The node's own, where it is known: spares another service than ours a question. */
  readonly type?: NodeType | undefined;
  /** Of a LinkNode: where it is to lead. Other services than ours may leave it as it is: the answer tells. */
  readonly target?: string | undefined;
}

export class Nodes {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A node and its direct children. For long containers use `children`. */
  async get(where: Where, { detail, limit, from, every, tags, sort, descending, signal }: Getting = {}): Promise<NodeAnswer> {
    const query = new URLSearchParams();
    if (detail !== undefined) query.set('detail', detail);
    if (limit !== undefined) query.set('limit', String(limit));
    if (from !== undefined) query.set('uri', from);
    if (every !== undefined) query.set('every', String(every));
    if (tags) query.set('tags', 'true');
    if (sort !== undefined && sort !== 'name') query.set('sort', CORE + sort);
    if (descending) query.set('order', 'desc');
    const url = await this.#session.urlOf('nodes', where, query, { signal });
    return this.#read({ method: 'GET', url, signal });
  }

  /** All direct children, page by page, however many. Ends with the caller's loop. */
  async *children(where: Where, { page = 1000, start, ...options }: Listing = {}): AsyncGenerator<NodeDocument, void, undefined> {
    let [head, last]: (string | undefined)[] = [];
    const first = start === undefined ? undefined : `${await this.#session.uriOf(where, options)}${readPlace([start]).path}`;
    for (;;) {
      // The page begins with the last child of the page before.
      const limit = last === undefined ? page : page + 1;
      const { children } = await this.get(where, { ...options, limit, from: last ?? first });
      const [top] = children;
      // The beginning once more: this service pays no heed to `uri`.
      if (last !== undefined && top?.uri === head && head !== last) return;
      head ??= top?.uri;
      const again: boolean = last !== undefined && top !== undefined && isSameNode(top.uri, last);
      const fresh: readonly NodeDocument[] = again ? children.slice(1) : children;
      yield* fresh;
      const newest = fresh.at(-1)?.uri;
      // More than was asked for: this service knows no pages, and this was all.
      if (newest === undefined || newest === last || children.length > limit) return;
      // "A server MAY impose a limit" (section 6.3.1.3): elsewhere a short page may have more behind it.
      if (children.length < limit && this.#session.codec.ours) return;
      last = newest;
    }
  }

  /** Makes a node. Made already by an earlier try of this call, whose answer was lost, counts as made. */
  async create(where: Where, { type, properties = {}, target }: NewNode, { signal }: Asking = {}): Promise<NodeDocument> {
    const { codec } = this.#session;
    const node: NodeInput = {
      uri: await this.#session.uriOf(where, { signal }),
      type,
      properties: listOf(properties),
      ...(target !== undefined && { target }),
    };
    const url = await this.#session.urlOf('nodes', where, new URLSearchParams(), { signal });
    try {
      return (await this.#session.read(codec.parseNode, { method: 'PUT', url, body: codec.formatNode(node), signal })).node;
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'DuplicateNode' || !thrown.repeated) throw thrown;
      const found = (await this.get(where, { limit: 0, signal })).node;
      if (found.type === type && found.target === target) return found;
      throw thrown;
    }
  }

  /**
   * Sets properties, or a link's target, and leaves what is not named as it is. `condition` is the `tag` of a node that was read: throws
   * VospaceError PreconditionFailed if the node has been described otherwise since.
   */
  async set(
    where: Where,
    change: NodeChange,
    { signal, detail, condition }: Pick<Getting, 'signal' | 'detail'> & { readonly condition?: string | undefined } = {},
  ): Promise<NodeDocument> {
    const { codec } = this.#session;
    const node = await this.change(where, change, { signal });
    const query = new URLSearchParams({ limit: '0', ...(detail !== undefined && { detail }) });
    const url = await this.#session.urlOf('nodes', where, codec.ours ? query : new URLSearchParams(), { signal });
    const headers = condition === undefined ? {} : { 'If-Match': `"${condition}"` };
    return (await this.#read({ method: 'POST', url, headers, body: codec.formatNode(node), signal })).node;
  }

  async #read(call: Call): Promise<NodeAnswer> {
    const { headers, text, url } = await this.#session.send(call);
    const { node, children } = readAs(this.#session.codec.parseNode, { text, url });
    const tag = /^(?:W\/)?"(.+)"$/.exec(headers.get('ETag') ?? '')?.[1];
    return { node: tag === undefined ? node : { ...node, tag }, children };
  }

  /** The document that asks for a change: of the node's own type, which services other than ours compare. */
  async change(where: Where, { properties = {}, type, target }: NodeChange, { signal }: Asking = {}): Promise<NodeInput> {
    const known = target !== undefined ? { type: 'LinkNode' as const, target } : await this.#known(where, type, signal);
    return {
      uri: await this.#session.uriOf(where, { signal }),
      type: known.type,
      properties: listOf(properties),
      ...('target' in known && known.target !== undefined && { target: known.target }),
    };
  }
  async #known(
    where: Where,
    type: NodeType | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly type: NodeInput['type']; readonly target?: string | undefined }> {
    if (type !== undefined && type !== 'LinkNode') return { type };
    if (this.#session.codec.ours) return { type: 'Node' };
    return (await this.get(where, { detail: 'min', limit: 0, signal })).node;
  }

  /** Deletes a node and, where the service does so (section 6.2.4), all below it. Deleted already by an earlier try counts as deleted. */
  async delete(where: Where, { signal }: Asking = {}): Promise<void> {
    const url = await this.#session.urlOf('nodes', where, new URLSearchParams(), { signal });
    await this.#session.send({ method: 'DELETE', url, signal }).catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError) || thrown.status !== 404 || !thrown.repeated) throw thrown;
    });
  }
}

function listOf(properties: Properties): readonly PropertyInput[] {
  return Object.entries(properties).map(([uri, value]) => ({ uri, value }));
}
