// Basic authentication: application passwords of the directory, and the administrator's password of the configuration.
//
// Credentials are accepted over https, from a loopback address (`localhost`, `127.x.x.x`, `[::1]` as the request's host), or over plain
// http from anywhere when the variable ALLOW_HTTP is set: for a service behind one's own TLS terminator or inside a closed network.
// What a proxy says about itself in headers is not believed. Behind Cloudflare the request's URL is that of the client.
import { Fault } from '../faults.ts';
import type { Config } from '../config.ts';
import { parseUserId, type UserId } from '../model/principal.ts';
import { isEqualDigest, sha256, sha256Hex } from '../model/secret.ts';
import type { DirectoryPort, Membership } from './directory-port.ts';
import type { Tries } from './tries.ts';

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const APPLICATION_PASSWORD = /^([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{43})$/;
const MAX_PASSWORD = 1024;

/** Throws PermissionDenied where credentials would travel, or have travelled, readable by others. */
export function refuseOpenTransport(url: string, allowHttp: boolean): void {
  if (allowHttp || url.startsWith('https:') || LOOPBACK.test(new URL(url).hostname)) return;
  throw new Fault('PermissionDenied', 'credentials are accepted over https only; those sent are to be revoked');
}

export interface BasicPorts {
  readonly config: Pick<Config, 'admin'>;
  readonly directory: Pick<DirectoryPort, 'verify' | 'ensureUser'>;
  readonly tries: Tries;
}

export interface KnownUser {
  readonly id: UserId;
  readonly membership: Membership;
}

/**
 * `credentials` is what follows `Basic `, `address` the client's, `digest` any text that stands for the credentials. Throws
 * NotAuthenticated, with one text for every reason, or TooManyRequests.
 */
export async function readBasic(credentials: string, address: string, digest: string, ports: BasicPorts): Promise<KnownUser> {
  const parsed = parseCredentials(credentials);
  if (!parsed) throw refused();
  const key = `${address}\n${parsed.id}`;
  ports.tries.begin(key, digest);
  let isWrong = false;
  try {
    const membership = await check(parsed.id, parsed.password, ports);
    isWrong = membership === undefined;
    if (membership) return { id: parsed.id, membership };
  } finally {
    ports.tries.end(key, digest, isWrong);
  }
  throw refused();
}

function refused(): Fault {
  return new Fault('NotAuthenticated', 'wrong user or password');
}

async function check(id: UserId, password: string, { config, directory }: BasicPorts): Promise<Membership | undefined> {
  if (config.admin?.user === id && isEqualDigest(await sha256(password), await sha256(config.admin.password))) {
    return directory.ensureUser(id, 'config');
  }
  const [, pwid, secret] = APPLICATION_PASSWORD.exec(password) ?? [];
  return pwid === undefined || secret === undefined ? undefined : directory.verify(id, pwid, await sha256Hex(secret));
}

// RFC 7617: user-id and password are separated by the first colon; the charset that we announce is UTF-8.
function parseCredentials(credentials: string): { id: UserId; password: string } | undefined {
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(credentials), (character) => character.charCodeAt(0));
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const colon = text.indexOf(':');
  const id = colon < 0 ? undefined : parseUserId(text.slice(0, colon));
  const password = text.slice(colon + 1);
  return id === undefined || password.length > MAX_PASSWORD ? undefined : { id, password };
}
