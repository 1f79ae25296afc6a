// Swift's authentication: TempAuth v1 and Keystone v3.
import type { SwiftConfig } from '../../config.ts';
import { Fault } from '../../faults.ts';
import type { StoreToken } from '../keys.ts';

/** Milliseconds that authentication may take. */
const TIMEOUT = 10_000;
/** TempAuth's own default, for servers that do not say how long a token lives (seconds). */
const TEMPAUTH_LIFE = 86_400;

/** A fresh token for the configured account. Throws ServiceBusy with a reason that an operator understands; it holds no secret. */
export async function authenticate(config: SwiftConfig): Promise<StoreToken> {
  const token = config.auth === 'keystone' ? await keystone(config) : await tempAuth(config);
  return { ...token, storageUrl: (config.storageUrl ?? token.storageUrl).replace(/\/+$/, '') };
}

async function tempAuth(config: SwiftConfig): Promise<StoreToken> {
  const answer = await ask(config, config.authUrl, { headers: { 'X-Auth-User': config.user, 'X-Auth-Key': config.key } });
  await answer.body?.cancel();
  const token = answer.headers.get('X-Auth-Token') ?? answer.headers.get('X-Storage-Token');
  const storageUrl = answer.headers.get('X-Storage-Url');
  if (!token || !storageUrl)
    throw refused(config, 'the answer has no X-Auth-Token and X-Storage-Url: is SWIFT_AUTH_URL a TempAuth address?');
  const life = Number(answer.headers.get('X-Auth-Token-Expires') ?? TEMPAUTH_LIFE);
  return { token, storageUrl, expires: Date.now() + life * 1000 };
}

interface CatalogEntry {
  readonly type?: string;
  readonly endpoints?: readonly {
    readonly interface?: string;
    readonly region?: string;
    readonly region_id?: string;
    readonly url?: string;
  }[];
}

async function keystone(config: SwiftConfig): Promise<StoreToken> {
  const base = config.authUrl.replace(/\/+$/, '');
  const answer = await ask(config, `${base.endsWith('/v3') ? base : `${base}/v3`}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: config.user, domain: { name: config.userDomain }, password: config.key } },
        },
        scope: { project: { name: config.project, domain: { name: config.projectDomain } } },
      },
    }),
  });
  const token = answer.headers.get('X-Subject-Token');
  const body = (await answer.json().catch(() => undefined)) as
    | { token?: { expires_at?: string; catalog?: readonly CatalogEntry[] } }
    | undefined;
  const expires = Date.parse(body?.token?.expires_at ?? '');
  if (!token || Number.isNaN(expires)) throw refused(config, 'the answer has no token: is SWIFT_AUTH_URL a Keystone v3 address?');
  return { token, storageUrl: config.storageUrl ?? endpoint(config, body?.token?.catalog ?? []), expires };
}

function endpoint(config: SwiftConfig, catalog: readonly CatalogEntry[]): string {
  const endpoints = catalog.filter(({ type }) => type === 'object-store').flatMap((entry) => entry.endpoints ?? []);
  const found = endpoints.find(
    (each) => each.interface === 'public' && (config.region === undefined || (each.region_id ?? each.region) === config.region),
  );
  if (found?.url) return found.url;
  const where = config.region === undefined ? '' : ` in region ${config.region}`;
  throw refused(config, `the catalogue has no public object-store endpoint${where}; set SWIFT_REGION or SWIFT_STORAGE_URL`);
}

async function ask(config: SwiftConfig, url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw refused(config, 'no answer: is SWIFT_AUTH_URL right, and the server up?');
  }
  if (answer.ok) return answer;
  await answer.body?.cancel();
  if (answer.status === 401 || answer.status === 403) throw refused(config, `${answer.status}: SWIFT_USER or SWIFT_KEY is wrong`);
  throw refused(config, `status ${answer.status}`);
}

function refused(config: SwiftConfig, why: string): Fault {
  return new Fault('ServiceBusy', `the object store's authentication (${config.auth}) at ${new URL(config.authUrl).origin}: ${why}`);
}
