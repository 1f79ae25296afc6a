// Signing in at an OpenID Connect issuer: authorization code with PKCE (RFC 7636), the page being a public client. Tokens stay in memory;
// what has to outlive the way to the issuer and back is a one-time secret, which is forgotten when it has been used.
import { navigate, ROOT } from './router.ts';
import { leaveRoot } from './sign-in-door.ts';
import { settings } from './settings.ts';
import { OWN, signIn } from './spaces.ts';

interface Discovery {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}
interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
}
interface Journey {
  readonly issuer: string;
  readonly clientId: string;
  readonly state: string;
  readonly verifier: string;
  /** Where the user was. */
  readonly back: string;
}

const KEY = 'vopipe.oidc';
/** Where issuers send users back to: to be registered there. */
export const RETURN_PATH = `${ROOT}/signed-in`;
/** Milliseconds before its end that a token is no longer used. */
const MARGIN = 30_000;

/** Leaves the page for the issuer. */
export async function leaveFor(issuer: string): Promise<void> {
  const clientId = settings.issuers.find((one) => one.issuer === issuer)?.clientId;
  if (clientId === undefined) throw new Error(`${issuer} is not among the issuers of this service`);
  const { authorization_endpoint } = await discover(issuer);
  const journey: Journey = { issuer, clientId, state: secret(), verifier: secret(), back: location.pathname + location.search };
  sessionStorage.setItem(KEY, JSON.stringify(journey));
  const to = new URL(authorization_endpoint);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(journey.verifier));
  const asked = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: location.origin + RETURN_PATH,
    scope: 'openid profile offline_access',
    state: journey.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) to.searchParams.set(name, value);
  location.assign(to);
}

/** Signs in who has come back. Throws an Error that says what the issuer has against it. */
export async function comeBack(): Promise<void> {
  const given = new URLSearchParams(location.search);
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const journey = kept === null ? undefined : (JSON.parse(kept) as Journey);
  if (!journey || given.get('state') !== journey.state) throw new Error('this sign-in was not begun here: begin again');
  const refused = given.get('error');
  if (refused !== null) throw new Error(`${new URL(journey.issuer).host}: ${given.get('error_description') ?? refused}`);
  const { token_endpoint } = await discover(journey.issuer);
  const ask = (more: Readonly<Record<string, string>>): Promise<Tokens> =>
    askForTokens(token_endpoint, { client_id: journey.clientId, ...more });
  const tokens = await ask({
    grant_type: 'authorization_code',
    code: given.get('code') ?? '',
    redirect_uri: location.origin + RETURN_PATH,
    code_verifier: journey.verifier,
  });
  await signIn(OWN, { token: keepFresh(tokens, (refresh_token) => ask({ grant_type: 'refresh_token', refresh_token })) });
  navigate(journey.back.startsWith(RETURN_PATH) ? ROOT : journey.back, { replace: true });
  leaveRoot();
}

/** The token as long as it is good, then another one, as long as the issuer gives some. */
function keepFresh(first: Tokens, refresh: (refreshToken: string) => Promise<Tokens>): () => Promise<string> {
  let [tokens, ends] = [first, endOf(first)];
  let renewing: Promise<void> | undefined;
  const renew = async (refreshToken: string): Promise<void> => {
    tokens = { refresh_token: refreshToken, ...(await refresh(refreshToken)) };
    ends = endOf(tokens);
  };
  return async () => {
    const { refresh_token } = tokens;
    if (Date.now() > ends && refresh_token !== undefined)
      await (renewing ??= renew(refresh_token).finally(() => {
        renewing = undefined;
      }));
    return tokens.access_token;
  };
}

function endOf({ expires_in }: Tokens): number {
  return expires_in === undefined ? Infinity : Date.now() + expires_in * 1000 - MARGIN;
}

async function discover(issuer: string): Promise<Discovery> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${new URL(issuer).host} answers ${answer.status}`);
  return (await answer.json()) as Discovery;
}

async function askForTokens(endpoint: string, form: Readonly<Record<string, string>>): Promise<Tokens> {
  const answer = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form), credentials: 'omit' });
  const told = (await answer.json().catch(() => ({}))) as Tokens & { readonly error?: string; readonly error_description?: string };
  if (!answer.ok) throw new Error(told.error_description ?? told.error ?? `the issuer answers ${answer.status}`);
  return told;
}

function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
