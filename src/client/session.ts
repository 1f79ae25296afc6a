// What all resources of one VOSpace share: the way to it, its form of documents, and its authority.
import type { Codec } from './codec.ts';
import { Endpoints, readAs, type Resource } from './endpoints.ts';
import { VospaceError } from './error.ts';
import { isSameNode, readPlace, type Place, type Where } from './place.ts';
import type { Answer, Call, Wire } from './request.ts';

export interface Asking {
  readonly signal?: AbortSignal | undefined;
}

export class Session {
  readonly wire: Wire;
  readonly endpoints: Endpoints;
  readonly codec: Codec;
  #authority: string | undefined;

  constructor(wire: Wire, endpoints: Endpoints, codec: Codec, authority: string | undefined) {
    this.wire = wire;
    this.endpoints = endpoints;
    this.codec = codec;
    this.#authority = authority;
  }

  /** The same way to the same service, with another form of documents. */
  speaking(codec: Codec): Session {
    return new Session(this.wire, new Endpoints(this.endpoints.base, this.wire, codec), codec, this.#authority);
  }

  /** As the service spells it in its URIs; learnt from the root node when it was not given. */
  async authority({ signal }: Asking = {}): Promise<string> {
    if (this.#authority === undefined) {
      const url = `${await this.endpoints.url('nodes', signal)}?limit=0&detail=min`;
      const { node } = await this.read(this.codec.parseNode, { method: 'GET', url, signal });
      this.#authority = readPlace(node.uri).authority;
      if (this.#authority === undefined) throw new VospaceError('BadAnswer', `${this.endpoints.base}: the root node is ${node.uri}`);
    }
    return this.#authority;
  }

  /** The vos:// URI of a node. Throws VospaceError InvalidURI for one of another VOSpace. */
  async uriOf(where: Where, asking: Asking = {}): Promise<string> {
    const { authority, path } = await this.#place(where, asking);
    return `vos://${authority ?? (await this.authority(asking))}${path}`;
  }

  /** The URL of a node below a resource that is ordered by paths. */
  async urlOf(resource: Resource, where: Where, query: URLSearchParams, asking: Asking = {}): Promise<string> {
    const { path } = await this.#place(where, asking);
    const parameters = query.toString();
    return `${await this.endpoints.url(resource, asking.signal)}${path}${parameters === '' ? '' : `?${parameters}`}`;
  }

  /** Sends a document, if there is one, and parses the answer. */
  async read<T>(parse: (text: string) => T, call: Call): Promise<T> {
    const answer = await this.send(call);
    return readAs(parse, answer);
  }

  /** A call in this form of documents. */
  send(call: Call): Promise<Answer> {
    const { mediaType } = this.codec;
    const type = call.body === undefined ? {} : { 'Content-Type': mediaType };
    return this.wire.ask({ ...call, headers: { Accept: mediaType, ...type, ...call.headers } });
  }

  async #place(where: Where, asking: Asking): Promise<Place> {
    const place = readPlace(where);
    if (place.authority !== undefined) {
      const own = await this.authority(asking);
      if (!isSameNode(`vos://${own}`, `vos://${place.authority}`))
        throw new VospaceError('InvalidURI', `${String(where)} is not in ${own}: connect to that VOSpace`);
    }
    return place;
  }
}
