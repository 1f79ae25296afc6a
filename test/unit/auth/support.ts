// A settable clock, a directory in memory and a token issuer, for the tests of authentication.
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';
import { makeAuthenticator, type Authenticator, type AuthenticatorPorts } from '../../../src/auth/authenticate.ts';
import type { DirectoryPort } from '../../../src/auth/directory-port.ts';
import { readConfig, type Config } from '../../../src/config.ts';
import type { GroupUri } from '../../../src/model/principal.ts';
import { sha256Hex } from '../../../src/model/secret.ts';

export const START = Date.UTC(2026, 9, 1);
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'https://vospace.example';
export const ADMIN_PASSWORD = 'correct horse battery staple';

/** Claims as a forger may write them. */
export type Claims = Readonly<Record<string, unknown>>;

export class TestClock {
  now = START;
  readonly read = (): number => this.now;
  pass(seconds: number): void {
    this.now += seconds * 1000;
  }
}

/** Only what authentication asks; `calls` counts the questions. */
export class TestDirectory {
  calls = 0;
  isDown = false;
  readonly passwords = new Map<string, string>();
  readonly deleted = new Set<string>();
  readonly groups = new Map<string, GroupUri[]>();
  readonly ensured: { id: string; origin: string; claimed: readonly GroupUri[] }[] = [];

  async add(user: string, pwid = 'AAAAAAAAAAAA', secret = 's'.repeat(43)): Promise<string> {
    this.passwords.set(`${user} ${pwid}`, await sha256Hex(secret));
    return `${pwid}.${secret}`;
  }

  readonly port = {
    verify: async (user: string, pwid: string, hash: string) => {
      this.#ask();
      return this.passwords.get(`${user} ${pwid}`) === hash && !this.deleted.has(user)
        ? { groups: this.groups.get(user) ?? [] }
        : undefined;
    },
    ensureUser: async (id: string, origin: string, claimed: readonly GroupUri[] = []) => {
      this.#ask();
      this.ensured.push({ id, origin, claimed });
      return this.deleted.has(id) ? undefined : { groups: [...(this.groups.get(id) ?? []), ...claimed] };
    },
  } as unknown as DirectoryPort;

  #ask(): void {
    this.calls += 1;
    if (this.isDown) throw new Error('network lost');
  }
}

/** An issuer with one key of every algorithm that is accepted; `requests` are the URLs that were asked for. */
export class TestIssuer {
  readonly requests: string[] = [];
  readonly jwks: JWK[] = [];
  isDown = false;
  discovery: Record<string, unknown> = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
  readonly #keys = new Map<string, CryptoKey>();

  static async make(algorithms: readonly string[] = ['RS256']): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    for (const algorithm of algorithms) await issuer.addKey(algorithm, algorithm);
    return issuer;
  }

  async addKey(kid: string, algorithm: string): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    this.#keys.set(kid, privateKey);
    this.jwks.push({ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' });
  }

  readonly fetch: typeof fetch = async (input) => {
    const url = new Request(input).url;
    this.requests.push(url);
    if (this.isDown) throw new TypeError('connection refused');
    if (url === `${ISSUER}/.well-known/openid-configuration`) return Response.json(this.discovery);
    return url === `${ISSUER}/keys` ? Response.json({ keys: this.jwks }) : new Response('no', { status: 404 });
  };

  privateKey(kid = ''): CryptoKey {
    const key = this.#keys.get(kid);
    if (!key) throw new Error(`no key ${kid}`);
    return key;
  }

  /** A good token, but for what `claims` and `header` change; an undefined claim is left out. */
  sign(claims: Claims = {}, header: Partial<JWTHeaderParameters> = {}, key?: CryptoKey | Uint8Array): Promise<string> {
    const full: JWTHeaderParameters = { alg: 'RS256', kid: header.alg ?? 'RS256', ...header };
    const signer = key ?? this.privateKey(full.kid);
    const seconds = START / 1000;
    return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', iat: seconds, exp: seconds + 600, ...claims })
      .setProtectedHeader(full)
      .sign(signer);
  }
}

export function makeConfig(vars: Record<string, string> = {}): Config {
  return readConfig({ AUTHORITY: 'example.org~vospace', ADMIN_PASSWORD, ...vars });
}

export const WITH_ISSUER = { OIDC_ISSUERS: JSON.stringify([{ issuer: ISSUER, audience: AUDIENCE }]) };

export interface Setup {
  readonly clock: TestClock;
  readonly directory: TestDirectory;
  readonly authenticate: Authenticator;
}

export function setUp(vars: Record<string, string> = {}, ports: Partial<AuthenticatorPorts> = {}): Setup {
  const clock = new TestClock();
  const directory = new TestDirectory();
  const noFetch: typeof fetch = () => Promise.reject(new Error('nothing is to be fetched'));
  const authenticate = makeAuthenticator({
    config: makeConfig(vars),
    directory: directory.port,
    clock: clock.read,
    fetch: noFetch,
    ...ports,
  });
  return { clock, directory, authenticate };
}

export function request(headers: Record<string, string> = {}, url = 'https://vospace.example/vos/nodes'): Request {
  return new Request(url, { headers });
}

export function basic(user: string, password: string, more: Record<string, string> = {}, url?: string): Request {
  return request({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, ...more }, url);
}

export function bearer(token: string): Request {
  return request({ Authorization: `Bearer ${token}` });
}
