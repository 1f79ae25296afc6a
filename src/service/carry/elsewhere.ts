// Other VOSpaces: found through the registry of the configuration, and spoken to with what the user has entrusted for each.
import { connect } from '../../client/connect.ts';
import { Identity, type Credentials } from '../../client/credentials.ts';
import type { Vospace } from '../../client/vospace.ts';
import { xml } from '../../client/xml.ts';
import type { Config } from '../../config.ts';
import { asFault } from '../../faults.ts';
import type { Credential } from '../../model/json/credentials.ts';
import { LENGTH, MD5 } from '../../model/property.ts';
import { parseVosUri, type VosUri } from '../../model/vos-uri.ts';
import type { Outside } from './outside.ts';
import type { Digests } from './digests.ts';
import { abroad, Trouble } from './trouble.ts';

/** A URL that takes or gives the bytes, with the headers that it wants. */
export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Found {
  readonly endpoints: readonly Endpoint[];
  readonly size?: number;
  readonly digests: Digests;
}

export class Elsewhere {
  readonly #config: Config;
  readonly #outside: Outside;
  readonly #credentials: readonly Credential[];
  readonly #endpoints: ReadonlyMap<string, string>;

  /** `endpoints`: base URLs by authority, in place of those of the registry. What was entrusted goes only to where the registry leads. */
  constructor(config: Config, outside: Outside, credentials: readonly Credential[], endpoints: ReadonlyMap<string, string> = new Map()) {
    this.#config = config;
    this.#outside = outside;
    this.#credentials = credentials;
    this.#endpoints = endpoints;
  }

  /** For a URL that was given as it is: only the origin that the registry names for an authority gets what was entrusted for it. */
  async headers(url: string): Promise<Readonly<Record<string, string>>> {
    const origin = URL.parse(url)?.origin;
    const credential = this.#credentials.find(({ authority }) => URL.parse(this.#config.registry.get(authority) ?? '')?.origin === origin);
    if (!origin || !credential) return {};
    return abroad(credential.authority, async () => new Identity(credentialsOf(credential), [origin], false).headers(url));
  }

  /** pullFromVoSpace there: where the bytes are to be had, and what they are. */
  async find(uri: string, signal: AbortSignal): Promise<Found> {
    const { authority, vospace } = this.connect(uri);
    return abroad(authority, async () => {
      const { node } = await vospace.nodes.get(uri, { limit: 0, detail: 'properties', signal });
      const value = (name: string): string => node.properties.find((property) => property.uri === name)?.value.trim() ?? '';
      const isOwn = node.type !== 'LinkNode';
      const { endpoints } = await vospace.transfers.request('pullFromVoSpace', uri, { signal });
      return {
        endpoints: await Promise.all(
          endpoints.map(async ({ url, protocol }) => ({
            url,
            headers: protocol.securityMethods.length > 0 ? await vospace.session.wire.identity.headers(url) : {},
          })),
        ),
        ...(isOwn && /^\d{1,15}$/.test(value(LENGTH)) && { size: Number(value(LENGTH)) }),
        digests: isOwn && /^[0-9a-f]{32}$/i.test(value(MD5)) ? { md5: value(MD5).toLowerCase() } : {},
      };
    });
  }

  /** Throws Trouble for an authority that is this service's own, or that the registry does not know. */
  connect(uri: string): { readonly authority: string; readonly vospace: Vospace } {
    const { authority } = readUri(uri);
    if (authority === this.#config.authority)
      throw new Trouble(`${authority} is this service itself: nodes are copied here`, { lasting: true });
    const registered = this.#config.registry.get(authority);
    const url = this.#endpoints.get(authority) ?? registered;
    if (url === undefined) throw new Trouble(`${authority} is not in this service's registry`, { lasting: true });
    const isKnown = URL.parse(url)?.origin === URL.parse(registered ?? '')?.origin;
    const credential = isKnown ? this.#credentials.find((one) => one.authority === authority) : undefined;
    try {
      const options = { codec: xml, authority: spelling(uri), fetch: this.#outside.fetch, retry: { tries: 1 } };
      return { authority, vospace: connect(url, { ...options, ...(credential && { credentials: credentialsOf(credential) }) }) };
    } catch {
      throw new Trouble(`${authority} is reached without https, where credentials would be readable`, { lasting: true });
    }
  }
}

function credentialsOf(credential: Credential): Credentials {
  return 'token' in credential ? { token: credential.token } : { user: credential.user, password: credential.password };
}

function readUri(uri: string): VosUri {
  try {
    return parseVosUri(uri);
  } catch (error) {
    throw new Trouble(asFault(error)?.detail ?? 'not a vos:// URI', { lasting: true });
  }
}

/** The authority as the URI has it: other services may know only one of the two spellings. */
function spelling(uri: string): string {
  return /^vos:\/\/([^/]+)/i.exec(uri)?.[1] ?? '';
}
