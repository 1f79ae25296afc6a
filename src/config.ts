// Environment to Config, checked once per isolate; every missing or wrong variable is named.
import { parseHostRule, type HostRule } from './model/outgoing.ts';
import { parseUserId } from './model/principal.ts';
import { SERVER_KINDS, type ServerKind } from './model/store-facts.ts';
import { parseAuthority, type Authority } from './model/vos-uri.ts';

/** What wrangler.toml or the start script binds as text. Everything is optional; docs/configuration.md says what each means. */
export interface Vars {
  readonly AUTHORITY?: string;
  readonly BASE_PATH?: string;
  readonly PUBLIC_URL?: string;
  readonly REGISTRY?: string;
  readonly CORS_ORIGINS?: string;
  readonly PAGE_CONNECT?: string;
  readonly ADMIN_USER?: string;
  readonly ADMIN_PASSWORD?: string;
  readonly OIDC_ISSUERS?: string;
  readonly CERTIFICATE_USERS?: string;
  readonly STORE?: string;
  readonly STORE_URL?: string;
  readonly STORE_PORT?: string;
  readonly SWIFT_AUTH?: string;
  readonly SWIFT_AUTH_URL?: string;
  readonly SWIFT_USER?: string;
  readonly SWIFT_KEY?: string;
  readonly SWIFT_PROJECT?: string;
  readonly SWIFT_USER_DOMAIN?: string;
  readonly SWIFT_PROJECT_DOMAIN?: string;
  readonly SWIFT_REGION?: string;
  readonly SWIFT_STORAGE_URL?: string;
  readonly SWIFT_RECON?: string;
  readonly USER_QUOTA?: string;
  readonly ALLOW_HTTP?: string;
  readonly LOG_BATCH?: string;
  readonly ARCHIVE_NODES?: string;
  readonly TRANSFER_HOSTS?: string;
  readonly MAX_WAITERS?: string;
}

export interface OidcIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the user; default `sub`. */
  readonly claim: string;
  /** Put before the claim's value, so that two issuers cannot name the same user. */
  readonly prefix: string;
  /** The claims that list groups. */
  readonly groupClaims: readonly string[];
  /** As which client the page signs users in there; undefined: it does not offer it. */
  readonly clientId: string | undefined;
}

export interface SwiftConfig {
  readonly auth: 'tempauth' | 'keystone';
  readonly authUrl: string;
  readonly user: string;
  readonly key: string;
  readonly project: string | undefined;
  readonly userDomain: string;
  readonly projectDomain: string;
  readonly region: string | undefined;
  /** Overrides what authentication answers. */
  readonly storageUrl: string | undefined;
  /** Servers whose state operators are told. */
  readonly recon: readonly { readonly kind: ServerKind; readonly url: string }[];
}

export interface Config {
  readonly authority: Authority;
  /** `/vos`: starts with a slash, has no trailing one, may be empty. */
  readonly basePath: string;
  /** Origin, without trailing slash; undefined = the request's own. */
  readonly publicUrl: string | undefined;
  /** `ivo://authority/name` → capabilities URL of other VOSpaces, by authority in its `~` form. */
  readonly registry: ReadonlyMap<Authority, string>;
  readonly corsOrigins: readonly string[];
  /** More origins that the page may talk to than the service's own, the store's and those of the registry: other services' stores. */
  readonly pageConnect: readonly string[];
  readonly admin: { readonly user: string; readonly password: string } | undefined;
  readonly issuers: readonly OidcIssuer[];
  /** Distinguished name of a client certificate (canonical form) → user. */
  readonly certificateUsers: ReadonlyMap<string, string>;
  readonly store:
    | { readonly kind: 'embedded'; readonly url: string | undefined; readonly port: number }
    | { readonly kind: 'swift'; readonly swift: SwiftConfig };
  /** Bytes that a user's own container may hold; undefined = no quota. */
  readonly userQuota: number | undefined;
  /** Passwords and tokens are taken over plain http from other hosts than this one; for a service behind a proxy that ends TLS. */
  readonly allowHttp: boolean;
  /** Request lines written together, at least 1. */
  readonly logBatch: number;
  /** Nodes that one archive may hold: each file is a request to the store, of which a platform may allow only so many. */
  readonly archiveNodes: number;
  /** Requests that may wait for news at a time, in one isolate: each holds a connection. */
  readonly maxWaiters: number;
  /** Where the service may fetch from and send to on behalf of its users. Empty: nowhere. */
  readonly transferHosts: readonly HostRule[];
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Throws ConfigError, whose message has one line per missing or wrong variable. */
export function readConfig(vars: Vars): Config {
  const problems: string[] = [];
  const attempt = <T>(name: string, read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return fallback;
    }
  };
  const placeholder = 'invalid' as Authority;
  const config: Config = {
    authority: attempt('AUTHORITY', () => readAuthority(vars.AUTHORITY ?? 'localhost~vospace'), placeholder),
    basePath: attempt('BASE_PATH', () => readBasePath(vars.BASE_PATH ?? '/vos'), ''),
    publicUrl: attempt('PUBLIC_URL', () => optional(vars.PUBLIC_URL, readOrigin), undefined),
    registry: attempt('REGISTRY', () => readRegistry(vars.REGISTRY ?? ''), new Map()),
    corsOrigins: attempt('CORS_ORIGINS', () => words(vars.CORS_ORIGINS).map(readOrigin), []),
    pageConnect: attempt('PAGE_CONNECT', () => words(vars.PAGE_CONNECT).map(readOrigin), []),
    admin: attempt('ADMIN_PASSWORD', () => readAdmin(vars), undefined),
    issuers: attempt('OIDC_ISSUERS', () => readIssuers(vars.OIDC_ISSUERS ?? '[]'), []),
    certificateUsers: attempt('CERTIFICATE_USERS', () => readCertificateUsers(vars.CERTIFICATE_USERS ?? ''), new Map()),
    store: attempt('STORE', () => readStore(vars, problems), { kind: 'embedded', url: undefined, port: 8788 }),
    allowHttp: attempt('ALLOW_HTTP', () => readBoolean(vars.ALLOW_HTTP ?? 'false'), false),
    logBatch: attempt('LOG_BATCH', () => readCount(vars.LOG_BATCH ?? '1'), 1),
    archiveNodes: attempt('ARCHIVE_NODES', () => readCount(vars.ARCHIVE_NODES ?? '50000', 100_000), 1),
    maxWaiters: attempt('MAX_WAITERS', () => readCount(vars.MAX_WAITERS ?? '1000', 1_000_000), 1),
    transferHosts: attempt('TRANSFER_HOSTS', () => words(vars.TRANSFER_HOSTS).map(parseHostRule), []),
    userQuota: attempt('USER_QUOTA', () => optional(vars.USER_QUOTA, readBytes), undefined),
  };
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

function optional<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined || text === '' ? undefined : read(text);
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

function readAuthority(text: string): Authority {
  try {
    return parseAuthority(text);
  } catch {
    throw new Error(`${JSON.stringify(text)} is not an authority such as example.org~vospace`);
  }
}

function readBasePath(text: string): string {
  if (text !== '' && !/^(\/[A-Za-z0-9\-_.~]+)+$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a path such as /vos`);
  // OpenCADC's client rewrites URLs that contain these words.
  if (/\/vospace\/|xfer/.test(`${text}/`)) throw new Error('must not contain /vospace/ or xfer: the OpenCADC client rewrites such URLs');
  return text;
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new Error(`${JSON.stringify(text)} is not an origin such as https://example.org`);
  }
  return url.origin;
}

function readRegistry(text: string): ReadonlyMap<Authority, string> {
  const entries = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    entries.map((line): [Authority, string] => {
      const match = /^ivo:\/\/([^/\s]+)(?:\/([^\s=]+))?\s*=\s*(https?:\/\/\S+)$/.exec(line);
      if (!match) throw new Error(`${JSON.stringify(line)} is not a line "ivo://authority/name = https://host/capabilities"`);
      return [readAuthority([match[1], match[2]].filter(Boolean).join('~').replaceAll('/', '~')), match[3] ?? ''];
    }),
  );
}

function readAdmin(vars: Vars): Config['admin'] {
  if (vars.ADMIN_PASSWORD === undefined || vars.ADMIN_PASSWORD === '') return undefined;
  if (vars.ADMIN_PASSWORD.length < 20) throw new Error('must have at least 20 characters');
  const user = parseUserId(vars.ADMIN_USER ?? 'admin');
  if (!user) throw new Error(`ADMIN_USER ${JSON.stringify(vars.ADMIN_USER)} is not a user's name`);
  return { user, password: vars.ADMIN_PASSWORD };
}

function readIssuers(text: string): readonly OidcIssuer[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error('must be a JSON list of {issuer, audience}');
  return list.map((entry: Partial<OidcIssuer> | null) => {
    const url = URL.parse(entry?.issuer ?? '');
    if (!url || (url.protocol !== 'https:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)))
      throw new Error('issuer must be an https URL');
    if (!entry?.audience) throw new Error(`${url.href}: audience is missing`);
    const { issuer = '', audience, claim = 'sub', prefix = '', groupClaims = ['wlcg.groups', 'groups', 'entitlements'], clientId } = entry;
    if (
      typeof claim !== 'string' ||
      typeof prefix !== 'string' ||
      !Array.isArray(groupClaims) ||
      !groupClaims.every((name) => typeof name === 'string') ||
      (clientId !== undefined && typeof clientId !== 'string')
    )
      throw new Error(`${url.href}: claim, prefix and clientId are texts, groupClaims is a list of texts`);
    return { issuer, audience, claim, prefix, groupClaims, clientId };
  });
}

function readCertificateUsers(text: string): ReadonlyMap<string, string> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => {
      const at = line.lastIndexOf(' = ');
      if (at < 1) throw new Error(`${JSON.stringify(line)} is not a line "distinguished name = user"`);
      return [line.slice(0, at).trim(), line.slice(at + 3).trim()];
    }),
  );
}

function readCount(text: string, most = 9999): number {
  if (!/^[1-9]\d{0,8}$/.test(text) || Number(text) > most) throw new Error(`${JSON.stringify(text)} is not a number from 1 to ${most}`);
  return Number(text);
}

function readBytes(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`${JSON.stringify(text)} is not a number of bytes`);
  return value;
}

function readBoolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error(`${JSON.stringify(text)} is neither true nor false`);
  return text === 'true';
}

function readStore(vars: Vars, problems: string[]): Config['store'] {
  const kind = vars.STORE ?? 'embedded';
  if (kind === 'embedded') {
    const port = Number(vars.STORE_PORT ?? 8788);
    if (!Number.isInteger(port) || port < 1 || port > 65535) problems.push(`STORE_PORT: ${vars.STORE_PORT} is not a port`);
    return { kind, url: optional(vars.STORE_URL, readOrigin), port };
  }
  if (kind !== 'swift') throw new Error(`${JSON.stringify(kind)} is neither embedded nor swift`);
  const auth = vars.SWIFT_AUTH ?? 'tempauth';
  if (auth !== 'tempauth' && auth !== 'keystone') throw new Error(`SWIFT_AUTH ${JSON.stringify(auth)} is neither tempauth nor keystone`);
  const required =
    auth === 'keystone'
      ? (['SWIFT_AUTH_URL', 'SWIFT_USER', 'SWIFT_KEY', 'SWIFT_PROJECT'] as const)
      : (['SWIFT_AUTH_URL', 'SWIFT_USER', 'SWIFT_KEY'] as const);
  for (const name of required) if (!vars[name]) problems.push(`${name}: is missing, and STORE=swift with ${auth} needs it`);
  return {
    kind,
    swift: {
      auth,
      authUrl: vars.SWIFT_AUTH_URL ?? '',
      user: vars.SWIFT_USER ?? '',
      key: vars.SWIFT_KEY ?? '',
      project: vars.SWIFT_PROJECT,
      userDomain: vars.SWIFT_USER_DOMAIN ?? 'Default',
      projectDomain: vars.SWIFT_PROJECT_DOMAIN ?? 'Default',
      region: vars.SWIFT_REGION,
      storageUrl: vars.SWIFT_STORAGE_URL,
      recon: words(vars.SWIFT_RECON).map((word) => readServer(word, problems)),
    },
  };
}

function readServer(word: string, problems: string[]): { readonly kind: ServerKind; readonly url: string } {
  const [, name, text = ''] = /^(\w+)=(.+)$/.exec(word) ?? [];
  const kind = SERVER_KINDS.find((one) => one === name);
  const url = URL.parse(text);
  if (!kind || !url || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    problems.push(`SWIFT_RECON: ${JSON.stringify(word)} is not like object=http://10.0.0.1:6200 (${SERVER_KINDS.join(', ')})`);
    return { kind: 'object', url: '' };
  }
  return { kind, url: url.origin };
}
