// Environment to what the server needs, checked before anything is touched; every missing or wrong variable is named.
import { readFileSync } from 'node:fs';
import { openFileLimit, waitersFor } from './open-files.ts';
import { ConfigError, readConfig, type Config, type Vars } from '../src/config.ts';

/** The variables that are passed on to the Worker. */
const VARS = [
  'AUTHORITY',
  'BASE_PATH',
  'PUBLIC_URL',
  'REGISTRY',
  'ALLOW_HTTP',
  'LOG_BATCH',
  'CORS_ORIGINS',
  'ADMIN_USER',
  'ADMIN_PASSWORD',
  'OIDC_ISSUERS',
  'CERTIFICATE_USERS',
  'STORE',
  'STORE_URL',
  'STORE_PORT',
  'SWIFT_AUTH',
  'SWIFT_AUTH_URL',
  'SWIFT_USER',
  'SWIFT_KEY',
  'SWIFT_PROJECT',
  'SWIFT_USER_DOMAIN',
  'SWIFT_PROJECT_DOMAIN',
  'SWIFT_REGION',
  'SWIFT_STORAGE_URL',
  'SWIFT_RECON',
  'USER_QUOTA',
  'ARCHIVE_NODES',
  'TRANSFER_HOSTS',
  'MAX_WAITERS',
  'PAGE_CONNECT',
] as const satisfies readonly (keyof Vars)[];
// Fails to compile when Vars has a name that the list lacks.
type Unlisted = Exclude<keyof Vars, (typeof VARS)[number]>;
const complete: [Unlisted] extends [never] ? true : Unlisted = true;

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly storePort: number;
  readonly stateDir: string;
  /** Where request logs go; undefined = standard output. */
  readonly logFile: string | undefined;
  readonly vars: Vars;
  readonly config: Config;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Throws ConfigError with one line per variable.
 * @param swiftFile what `npm run swift:up` wrote; read when STORE=swift and no SWIFT_AUTH_URL is set
 */
export function readSettings(given: Environment, swiftFile: string): Settings {
  const problems: string[] = [];
  const environment = given['STORE'] === 'swift' && !given['SWIFT_AUTH_URL'] ? { ...readEnvFile(swiftFile), ...given } : given;
  const port = readPort(environment, 'PORT', 8787, problems);
  const storePort = readPort(environment, 'STORE_PORT', 8788, problems);
  if (port === storePort && environment['STORE'] !== 'swift')
    problems.push(`STORE_PORT: must differ from PORT (${port}): the store is another origin than the page`);
  const vars: Vars = Object.fromEntries(complete ? VARS.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])) : []);
  if (vars.CERTIFICATE_USERS) {
    // workerd's local sockets believe a certificate that is merely written in a request header.
    problems.push(
      'CERTIFICATE_USERS: this server speaks plain HTTP and cannot see client certificates; they work when deployed to Cloudflare',
    );
  }
  const host = environment['HOST'] || '127.0.0.1';
  if (environment['STORE'] !== 'swift' && !vars.STORE_URL && /^(0\.0\.0\.0|::)$/.test(host)) {
    problems.push(
      `STORE_URL: is missing: HOST=${host} does not say by which name clients reach port ${storePort} (http://this.machine:${storePort})`,
    );
  }
  const bindings: Vars = {
    LOG_BATCH: '50',
    MAX_WAITERS: String(waitersFor(openFileLimit())),
    ...vars,
    STORE_PORT: String(storePort),
    STORE_URL: vars.STORE_URL ?? loopbackUrl(host, storePort),
  };
  const config = attempt(() => readConfig(bindings), problems);
  if (config === undefined || problems.length > 0) throw new ConfigError([...new Set(problems)].join('\n'));
  return {
    host,
    port,
    storePort,
    stateDir: environment['STATE_DIR'] || '.state',
    logFile: environment['LOG_FILE'] || undefined,
    vars: bindings,
    config,
  };
}

function attempt(read: () => Config, problems: string[]): Config | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.message.split('\n'));
    return undefined;
  }
}

function readPort(environment: Environment, name: string, otherwise: number, problems: string[]): number {
  const text = environment[name] || String(otherwise);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  problems.push(`${name}: ${JSON.stringify(text)} is not a port (1 to 65535)`);
  return otherwise;
}

/** An address that reaches a server listening on `host` from the same machine. */
export function loopbackUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** `NAME=value` lines, with or without `export` and quotes; a missing file has none. */
function readEnvFile(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  const pairs = text.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\n]*?))\s*$/gm);
  return Object.fromEntries(Array.from(pairs, ([, name = '', double, single, bare]) => [name, double ?? single ?? bare ?? '']));
}
