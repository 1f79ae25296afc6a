// Credentials of a request -> Principal: picks the one way in that the request uses.
import type { Config } from '../config.ts';
import type { Principal } from '../model/principal.ts';
import type { DirectoryPort } from './directory-port.ts';

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

/** Throws NotAuthenticated (with challenges), TooManyRequests, PermissionDenied or ServiceBusy; no credentials is the anonymous principal. */
export declare function makeAuthenticator(ports: AuthenticatorPorts): Authenticator;
/** The WWW-Authenticate header of every 401. */
export declare function challenges(config: Config): Readonly<Record<string, string>>;
