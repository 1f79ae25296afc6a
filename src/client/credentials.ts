// Who the client is at one VOSpace, and to whom it says so: to the origins of that VOSpace and to nobody else.
import { VospaceError } from './error.ts';

export type Credentials =
  | { readonly user: string; readonly password: string }
  /** A token, or how to get one that is still good: it is asked before every request. */
  | { readonly token: string | (() => string | Promise<string>) };

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Who sends what where. Endpoints elsewhere, and what redirects lead to elsewhere, get no credentials. */
export class Identity {
  readonly #credentials: Credentials | undefined;
  readonly #origins: ReadonlySet<string>;

  /** Throws VospaceError NotAuthenticated for credentials that would go over plain http to another host, unless `insecure`. */
  constructor(credentials: Credentials | undefined, origins: readonly string[], insecure: boolean) {
    this.#credentials = credentials;
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin));
    const open = [...this.#origins].find((origin) => origin.startsWith('http:') && !LOOPBACK.test(new URL(origin).hostname));
    if (credentials && open !== undefined && !insecure)
      throw new VospaceError('NotAuthenticated', `${open} is not https: credentials would be sent in the clear`);
  }

  /** Whether a request to this URL is one to the VOSpace itself. */
  isOwn(url: string): boolean {
    return this.#origins.has(new URL(url).origin);
  }

  /** The securityMethod by which an endpoint of the VOSpace takes these credentials; undefined without any. */
  get securityMethod(): string | undefined {
    if (!this.#credentials) return undefined;
    return 'token' in this.#credentials ? 'ivo://ivoa.net/sso#token' : 'ivo://ivoa.net/sso#BasicAA';
  }

  async headers(url: string): Promise<Readonly<Record<string, string>>> {
    const credentials = this.#credentials;
    if (!credentials || !this.isOwn(url)) return {};
    if ('user' in credentials) return { Authorization: `Basic ${base64(`${credentials.user}:${credentials.password}`)}` };
    const token = typeof credentials.token === 'string' ? credentials.token : await credentials.token();
    // What cannot be sent fetch would show in its message.
    if (!/^[!-~]+$/.test(token))
      throw new VospaceError('NotAuthenticated', 'the token is empty, or has white space or letters in it that no token has');
    return { Authorization: `Bearer ${token}` };
  }
}

/** RFC 7617 section 2.1: in UTF-8. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
