// Client certificates: what Cloudflare has verified in the TLS handshake, and nothing that a header says.
//
// Cloudflare does not verify proxy certificates (RFC 3820): they come with certVerified "FAILED:..." and are refused here.
import { ConfigError, type Config } from '../config.ts';
import { Fault } from '../faults.ts';
import { parseUserId, type UserId } from '../model/principal.ts';
import { canonicalName } from './distinguished-name.ts';

export type CertificateUsers = ReadonlyMap<string, UserId>;

/** The configured names in one spelling. Throws ConfigError, which names the line. */
export function certificateUsers(config: Pick<Config, 'certificateUsers'>): CertificateUsers {
  return new Map(
    [...config.certificateUsers].map(([name, user]): [string, UserId] => {
      const canonical = canonicalName(name);
      const id = parseUserId(user);
      if (canonical === undefined) throw new ConfigError(`CERTIFICATE_USERS: ${JSON.stringify(name)} is not a distinguished name`);
      if (id === undefined) throw new ConfigError(`CERTIFICATE_USERS: ${JSON.stringify(user)} is not a user's name`);
      return [canonical, id];
    }),
  );
}

/** The subject of the certificate that came with the request, in RFC 2253 form; undefined without one. Throws NotAuthenticated. */
export function certificateSubject(request: Request): string | undefined {
  const cf = field(request, 'cf');
  const client = field(cf, 'tlsClientAuth');
  // All of these are texts: certRevoked "0" would be true.
  if (field(client, 'certPresented') !== '1') return undefined;
  if (field(client, 'certVerified') !== 'SUCCESS') throw new Fault('NotAuthenticated', 'the client certificate is not valid');
  if (field(client, 'certRevoked') === '1') throw new Fault('NotAuthenticated', 'the client certificate is revoked');
  const subject = field(client, 'certSubjectDNRFC2253');
  if (typeof subject !== 'string') throw new Fault('NotAuthenticated', 'the client certificate has no subject');
  return subject;
}

/** Throws NotAuthenticated for a subject that the configuration does not name. */
export function userOfSubject(subject: string, users: CertificateUsers): UserId {
  const name = canonicalName(subject);
  const user = name === undefined ? undefined : users.get(name);
  if (user === undefined) throw new Fault('NotAuthenticated', `the certificate of ${(name ?? subject).slice(0, 500)} is not known here`);
  return user;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
