// The way in: from a URL, or from a vos:// URI and a registry, to a VOSpace.
import { VospaceError } from './error.ts';
import { json } from './json.ts';
import { openSession, type ConnectOptions } from './open-session.ts';
import { isSameNode, readPlace } from './place.ts';
import { Vospace } from './vospace.ts';

/** `url`: the service's base URL, such as https://example.org/vos, or the URL of its VOSI capabilities. Nothing is sent yet. */
export function connect(url: string | URL, options: ConnectOptions = {}): Vospace {
  return new Vospace(openSession(url, { ...options, codec: options.codec ?? json }));
}

/** Authority → URL of the VOSpace, as for `connect`. */
export type Registry = Readonly<Record<string, string>>;

/** The VOSpace that a vos:// URI belongs to. Throws VospaceError NotFound for an authority that is not in the registry. */
export function connectTo(uri: string, registry: Registry, options: ConnectOptions = {}): Vospace {
  const { authority } = readPlace(uri);
  if (authority === undefined) throw new VospaceError('InvalidURI', `${uri} is not a vos:// URI`);
  const [, url] = Object.entries(registry).find(([name]) => isSameNode(`vos://${name}`, `vos://${authority}`)) ?? [];
  if (url === undefined) throw new VospaceError('NotFound', `no URL is known for the VOSpace ${authority}`);
  return connect(url, { authority, ...options });
}
