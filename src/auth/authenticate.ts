// Credentials of a request -> Principal: picks the one way in that the request uses, and remembers the answer for seconds.
import type { Config } from '../config.ts';
import { asFault, Fault } from '../faults.ts';
import { ANONYMOUS, type PathScope, type Principal, type UserId } from '../model/principal.ts';
import { sha256Now } from '../model/sha256.ts';
import { readBasic, refuseOpenTransport } from './basic.ts';
import { readBearer } from './bearer.ts';
import { certificateSubject, certificateUsers, userOfSubject } from './certificate.ts';
import type { DirectoryPort, Membership } from './directory-port.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { PrincipalCache } from './principal-cache.ts';
import { Tries } from './tries.ts';

/** What authentication needs of the world. */
export interface AuthenticatorPorts {
  readonly config: Config;
  readonly directory: DirectoryPort;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** For the issuers' discovery documents and keys. */
  readonly fetch: typeof fetch;
  /** Accept passwords and tokens over plain http from anywhere: see basic.ts. */
  readonly allowHttp?: boolean;
}

export type Authenticator = (request: Request) => Promise<Principal>;

interface Answer {
  readonly principal: Principal;
  /** Epoch milliseconds; the cache may end it earlier. */
  readonly expires: number;
}

/**
 * Make one per isolate. Throws NotAuthenticated (with challenges), TooManyRequests, PermissionDenied or ServiceBusy; a request without
 * credentials is the anonymous principal, one with wrong credentials never is.
 */
export function makeAuthenticator(ports: AuthenticatorPorts): Authenticator {
  const { config, clock } = ports;
  const directory = guarded(ports.directory);
  const keys = new IssuerKeys(ports);
  const tries = new Tries(clock);
  const users = certificateUsers(config);
  const cache = new PrincipalCache(clock);

  const known = (id: UserId, membership: Membership | undefined, isAdmin: boolean, scopes?: readonly PathScope[]): Principal => {
    if (!membership) throw new Fault('NotAuthenticated', `user ${id} has been deleted`);
    const principal = { kind: 'user', id, groups: membership.groups, admin: isAdmin } as const;
    return scopes ? { ...principal, scopes } : principal;
  };

  const byBasic = async (credentials: string, address: string, digest: string): Promise<Answer> => {
    const { id, membership } = await readBasic(credentials, address, digest, { config, directory, tries });
    return { principal: known(id, membership, id === config.admin?.user), expires: Infinity };
  };

  const byBearer = async (token: string): Promise<Answer> => {
    const { id, issuer, groups, scopes, expires } = await readBearer(token, { config, keys, clock });
    return { principal: known(id, await directory.ensureUser(id, issuer, groups), false, scopes), expires };
  };

  const byCertificate = async (subject: string): Promise<Answer> => {
    const id = userOfSubject(subject, users);
    return { principal: known(id, await directory.ensureUser(id, 'certificate'), id === config.admin?.user), expires: Infinity };
  };

  const byHeader = async (header: string, request: Request): Promise<Principal> => {
    refuseOpenTransport(request.url, ports.allowHttp ?? false);
    // The digest, so that no secret stays in memory and none is compared character by character.
    const digest = sha256Now(header);
    return cache.get(digest, async () => {
      const [, scheme, credentials] = /^(basic|bearer) +([^\s,]+) *$/i.exec(header) ?? [];
      if (scheme === undefined || credentials === undefined)
        throw new Fault('NotAuthenticated', 'the Authorization header is neither Basic nor Bearer');
      if (scheme.toLowerCase() === 'bearer') return byBearer(credentials);
      return byBasic(credentials, request.headers.get('CF-Connecting-IP') ?? '', digest);
    });
  };

  return async (request) => {
    const header = request.headers.get('Authorization');
    try {
      if (header !== null) return await byHeader(header, request);
      // Where no certificate is a user, one that the browser offers for other reasons says nothing.
      const subject = users.size === 0 ? undefined : certificateSubject(request);
      return subject === undefined ? ANONYMOUS : await cache.get(`certificate ${subject}`, () => byCertificate(subject));
    } catch (error) {
      const fault = asFault(error);
      if (fault?.fault !== 'NotAuthenticated') throw error;
      throw new Fault(fault.fault, fault.detail, challenges(config, header !== null && /^bearer /i.test(header)));
    }
  };
}

/**
 * The WWW-Authenticate header of every 401, all challenges in one value (RFC 9110 section 11.6.1). `ivoa_bearer` and `ivoa_x509` are the
 * forms of IVOA SSO: where a token of which kind is had, and that a certificate may be used as it is.
 */
export function challenges(
  config: Pick<Config, 'authority' | 'issuers' | 'certificateUsers'>,
  isTokenRefused = false,
): Readonly<Record<string, string>> {
  const realm = `realm="${config.authority}"`;
  const bearer = config.issuers.flatMap(({ issuer }, i) => [
    ...(i === 0 ? [`Bearer ${realm}${isTokenRefused ? ', error="invalid_token"' : ''}`] : []),
    `ivoa_bearer standard_id="ivo://ivoa.net/sso#OpenID", access_url="${issuer}"`,
  ]);
  const certificate = config.certificateUsers.size > 0 ? ['ivoa_x509'] : [];
  return { 'WWW-Authenticate': [`Basic ${realm}, charset="UTF-8"`, ...bearer, ...certificate].join(', ') };
}

// A directory that does not answer means refusal, and one that the client may repeat.
function guarded(directory: DirectoryPort): Pick<DirectoryPort, 'verify' | 'ensureUser'> {
  const busy = (error: unknown): never => {
    throw asFault(error) ?? new Fault('ServiceBusy', 'the directory of users does not answer', { 'Retry-After': '5' });
  };
  return {
    verify: (user, pwid, hash) => directory.verify(user, pwid, hash).catch(busy),
    ensureUser: (id, origin, claimed) => directory.ensureUser(id, origin, claimed).catch(busy),
  };
}
