// Where a service has its resources: what its VOSI capabilities say, else where VOSpace services usually have them.
import type { ServiceCapability } from '../model/service-capability.ts';
import type { Codec } from './codec.ts';
import { VospaceError } from './error.ts';
import type { Answer, Wire } from './request.ts';

/** Standard identifiers of each resource, the best first; VOSpace 2.1 section 6, VOSI 1.1, and OpenCADC's. */
export const STANDARD_IDS = {
  nodes: ['ivo://ivoa.net/std/VOSpace/v2.0#nodes'],
  transfers: ['ivo://ivoa.net/std/VOSpace/v2.0#transfers'],
  synctrans: ['ivo://ivoa.net/std/VOSpace#sync-2.1', 'ivo://ivoa.net/std/VOSpace/v2.0#sync'],
  files: ['ivo://ivoa.net/std/VOSpace#files-proto'],
  views: ['ivo://ivoa.net/std/VOSpace/v2.0#views'],
  protocols: ['ivo://ivoa.net/std/VOSpace/v2.0#protocols'],
  properties: ['ivo://ivoa.net/std/VOSpace/v2.0#properties'],
  'async-delete': ['ivo://ivoa.net/std/VOSpace#recursive-delete-proto'],
  'async-setprops': ['ivo://ivoa.net/std/VOSpace#recursive-nodeprops-proto'],
  'async-size': ['ivo://ivoa.net/std/VOSpace#recursive-nodesize-proto'],
  availability: ['ivo://ivoa.net/std/VOSI#availability'],
} as const;

export type Resource = keyof typeof STANDARD_IDS;

export class Endpoints {
  /** The service's base URL without trailing slash; of a service known only by its capabilities, their URL without the last name. */
  readonly base: string;
  readonly #wire: Wire;
  readonly #codec: Codec;
  readonly #capabilitiesUrl: string;
  readonly #discovers: boolean;
  #known: readonly ServiceCapability[] | undefined;

  /** `url`: the base URL, or that of the capabilities. */
  constructor(url: string, wire: Wire, codec: Codec) {
    const bare = url.replace(/[?#].*$/, '').replace(/\/$/, '');
    const named = bare.endsWith('/capabilities');
    this.base = named ? bare.slice(0, -'/capabilities'.length) : bare;
    this.#capabilitiesUrl = `${this.base}/capabilities`;
    this.#discovers = named || !codec.ours;
    this.#wire = wire;
    this.#codec = codec;
  }

  /** What the service offers; asked once. */
  async capabilities(signal?: AbortSignal): Promise<readonly ServiceCapability[]> {
    this.#known ??= await this.#read(signal);
    return this.#known;
  }

  /** The URL of a resource, without trailing slash. Throws VospaceError OperationNotSupported when the service does not have it. */
  async url(resource: Resource, signal?: AbortSignal): Promise<string> {
    const found = await this.find(STANDARD_IDS[resource], signal);
    if (found !== undefined) return found;
    const known = this.#discovers ? await this.capabilities(signal) : [];
    if (known.length > 0) throw new VospaceError('OperationNotSupported', `${this.base} offers no ${STANDARD_IDS[resource][0]}`);
    return `${this.base}/${resource}`;
  }

  /** The URL of the first of these capabilities that the service offers. */
  async find(standardIDs: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#discovers) return undefined;
    const known = await this.capabilities(signal);
    for (const id of standardIDs) {
      const urls = known.filter(({ standardID }) => standardID === id).flatMap(({ interfaces }) => interfaces.map(({ url }) => url));
      // Of several interfaces the one at the service's own origin takes our credentials.
      const url = urls.find((one) => URL.canParse(one) && this.#wire.identity.isOwn(one)) ?? urls.find((one) => URL.canParse(one));
      if (url !== undefined) return url.replace(/\/$/, '');
    }
    return undefined;
  }

  /** Empty for a service without capabilities: those of VOSpace 2.0 need not have any. */
  async #read(signal: AbortSignal | undefined): Promise<readonly ServiceCapability[]> {
    const url = this.#capabilitiesUrl;
    try {
      const { text } = await this.#wire.ask({ method: 'GET', url, headers: { Accept: this.#codec.mediaType }, signal });
      return readAs(this.#codec.parseCapabilities, { text, url });
    } catch (thrown) {
      if (thrown instanceof VospaceError && thrown.status === 404) return [];
      throw thrown;
    }
  }
}

/** What a parser makes of an answer. Throws VospaceError BadAnswer for what it cannot read: the fault is not the caller's. */
export function readAs<T>(parse: (text: string) => T, { text, url }: Pick<Answer, 'text' | 'url'>): T {
  try {
    return parse(text);
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw new VospaceError('BadAnswer', `${new URL(url).origin}: ${detail}`, { cause: thrown });
  }
}
