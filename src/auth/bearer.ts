// Bearer tokens: JWTs of the configured OpenID Connect issuers.
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { Config, OidcIssuer } from '../config.ts';
import { Fault } from '../faults.ts';
import { parseUserId, type GroupUri, type PathScope, type UserId } from '../model/principal.ts';
import { groupsOfToken } from './groups.ts';
import type { IssuerKeys, KeySet } from './issuer-keys.ts';
import { scopesOfToken } from './token-scopes.ts';

// Public-key algorithms only: with HS* an issuer's public key would be a secret that everybody knows.
const ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'];
const TOLERANCE_SECONDS = 60;
const MAX_TOKEN = 16_384;

export interface TokenUser {
  readonly id: UserId;
  readonly issuer: string;
  readonly groups: readonly GroupUri[];
  readonly scopes: readonly PathScope[] | undefined;
  /** Epoch milliseconds from which on the token is refused. */
  readonly expires: number;
}

export interface BearerPorts {
  readonly config: Pick<Config, 'issuers' | 'authority' | 'admin'>;
  readonly keys: IssuerKeys;
  readonly clock: () => number;
}

/** Throws NotAuthenticated, which says what is wrong with the token and never repeats it, or ServiceBusy. */
export async function readBearer(token: string, ports: BearerPorts): Promise<TokenUser> {
  const issuer = issuerOf(token, ports.config.issuers);
  const payload = await verify(token, issuer, ports);
  const name = payload[issuer.claim];
  const id = typeof name === 'string' ? parseUserId(issuer.prefix + name) : undefined;
  if (id === undefined) throw refused(`the claim ${issuer.claim} cannot name a user here: 1 to 64 letters, digits and _ . @ -`);
  // Whoever may choose a name at the issuer could choose this one.
  if (id === ports.config.admin?.user) throw refused('a token cannot name the administrator of the configuration');
  return {
    id,
    issuer: issuer.issuer,
    groups: groupsOfToken(payload, issuer.groupClaims, ports.config.authority),
    scopes: scopesOfToken(payload['scope']),
    expires: ((payload.exp ?? 0) + TOLERANCE_SECONDS) * 1000,
  };
}

// Reads what is not verified yet, only to know whose keys to ask.
function issuerOf(token: string, issuers: readonly OidcIssuer[]): OidcIssuer {
  if (token.length > MAX_TOKEN) throw refused('too long');
  let claimed: string | undefined;
  let kid: unknown;
  try {
    claimed = decodeJwt(token).iss;
    ({ kid } = decodeProtectedHeader(token));
  } catch {
    throw refused('not a JWT');
  }
  const issuer = issuers.find((candidate) => candidate.issuer === claimed);
  if (!issuer) throw refused('its issuer is not known here');
  if (typeof kid !== 'string' || kid === '') throw refused('it names no key (kid)');
  return issuer;
}

async function verify(token: string, issuer: OidcIssuer, { keys, clock }: BearerPorts): Promise<JWTPayload> {
  const options: JWTVerifyOptions = {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE_SECONDS,
    currentDate: new Date(clock()),
    requiredClaims: ['exp'],
  };
  const attempt = async (set: KeySet): Promise<JWTPayload | undefined> => {
    try {
      return (await jwtVerify(token, set, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw refused(error instanceof errors.JOSEError ? error.message : 'it cannot be verified');
    }
  };
  const payload = await attempt(await keys.get(issuer.issuer));
  if (payload) return payload;
  const renewed = await keys.refresh(issuer.issuer);
  const second = renewed && (await attempt(renewed));
  if (!second) throw refused('its key is not one of its issuer');
  return second;
}

function refused(why: string): Fault {
  return new Fault('NotAuthenticated', `the token is refused: ${why}`);
}
