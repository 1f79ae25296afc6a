// A token issuer on this machine: OpenID Connect Discovery and keys over HTTP, and tokens as good or as bad as a test wants them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

export const AUDIENCE = 'https://vospace.example';

/** Claims as a forger may write them; an undefined one is left out. */
export type Claims = Readonly<Record<string, unknown>>;

export interface Header {
  readonly alg?: string;
  readonly kid?: string;
}

export class Issuer {
  /** The issuer's identifier, as it stands in the configuration and in `iss`. */
  readonly url: string;
  /** What the discovery document says; a test may change it. */
  discovery: Record<string, unknown>;
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  readonly jwks: JWK[] = [];
  readonly #keys = new Map<string, { readonly alg: string; readonly key: CryptoKey }>();
  readonly #server: Server;
  #serial = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.discovery = { issuer: this.url, jwks_uri: `${this.url}/keys` };
    server.on('request', (request, response) => {
      this.requests.push(request.url ?? '');
      const documents: Readonly<Record<string, unknown>> = {
        '/.well-known/openid-configuration': this.discovery,
        '/keys': { keys: this.jwks },
      };
      const document = documents[request.url ?? ''];
      // Pages look here, too.
      response.writeHead(document === undefined ? 404 : 200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' });
      response.end(JSON.stringify(document ?? {}));
    });
  }

  /** An issuer with one key for each of these algorithms, named like it. */
  static async start(...algorithms: readonly string[]): Promise<Issuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new Issuer(server);
    for (const algorithm of algorithms) await issuer.addKey(algorithm, algorithm);
    return issuer;
  }

  async addKey(kid: string, alg: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.#keys.set(kid, { alg, key: privateKey });
    this.jwks.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
  }

  /** Ends the publication of a key, which tokens may still be signed with. */
  withdrawKey(kid: string): void {
    this.jwks.splice(
      this.jwks.findIndex((key) => key.kid === kid),
      1,
    );
  }

  /** A good token of ten minutes for user `sub`, but for what `claims` and `header` change; no two are equal. */
  async token(claims: Claims = {}, header: Header = {}, forger?: CryptoKey | Uint8Array): Promise<string> {
    const kid = header.kid ?? this.jwks[0]?.kid ?? '';
    const known = this.#keys.get(kid);
    const key = forger ?? known?.key;
    if (key === undefined) throw new Error(`no key ${kid}`);
    const now = seconds();
    const jti = String((this.#serial += 1));
    return new SignJWT({ iss: this.url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 600, jti, ...claims })
      .setProtectedHeader({ alg: header.alg ?? known?.alg ?? 'RS256', kid })
      .sign(key);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Seconds since the epoch, as tokens count. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
