// The public keys of token issuers: found by OpenID Connect Discovery 1.0, kept for ten minutes.
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { Fault } from '../faults.ts';
import { boundedText } from '../model/bounded-text.ts';

const KEEP = 600_000;
const REFRESH_PAUSE = 60_000;
const FAILURE_PAUSE = 10_000;
/** Milliseconds that a renewal may take before another request tries it too. */
const RENEWAL = 10_000;
const TIMEOUT = 5_000;
const MAX_BYTES = 262_144;

const REFUSALS = { tooLong: () => new Error('too long'), notUtf8: () => new Error('not UTF-8') };

export type KeySet = ReturnType<typeof createLocalJWKSet>;

interface Entry {
  readonly keys: KeySet | undefined;
  /** When `keys` came, and when they were last asked for: epoch milliseconds. */
  readonly at: number;
  readonly tried: number;
  /** When the issuer last did not answer; -Infinity when it has since. */
  readonly failed: number;
}

/** Results are shared between requests, running fetches are not: a Worker may not wait for another request's. */
export class IssuerKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: () => number;
  readonly #fetch: typeof fetch;

  constructor(ports: { readonly clock: () => number; readonly fetch: typeof fetch }) {
    this.#clock = ports.clock;
    this.#fetch = ports.fetch;
  }

  /** Throws ServiceBusy while the issuer does not answer and what is known of it is older than ten minutes. */
  async get(issuer: string): Promise<KeySet> {
    const entry = this.#entries.get(issuer);
    const now = this.#clock();
    if (entry?.keys && now - entry.at < KEEP) return entry.keys;
    // While one request renews them the others go on with what they have.
    if (entry?.keys && entry.failed < entry.tried && now - entry.tried < RENEWAL) return entry.keys;
    if (entry && now - entry.failed < FAILURE_PAUSE) throw unreachable(issuer);
    return this.#load(issuer, now);
  }

  /** The keys anew, for a token whose key is unknown; undefined when that was asked less than a minute ago. */
  async refresh(issuer: string): Promise<KeySet | undefined> {
    const now = this.#clock();
    const entry = this.#entries.get(issuer);
    return entry && now - entry.tried < REFRESH_PAUSE ? undefined : this.#load(issuer, now);
  }

  async #load(issuer: string, now: number): Promise<KeySet> {
    const former = this.#entries.get(issuer);
    this.#entries.set(issuer, { keys: former?.keys, at: former?.at ?? -Infinity, tried: now, failed: former?.failed ?? -Infinity });
    try {
      const discovery = await this.#json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      // OpenID Connect Discovery 1.0 section 4.3: "The issuer value returned MUST be identical to the Issuer URL".
      if (discovery['issuer'] !== issuer) throw new Error('another issuer');
      const location = discovery['jwks_uri'];
      if (typeof location !== 'string' || !isSafe(location, issuer)) throw new Error('no jwks_uri');
      // createLocalJWKSet checks the form.
      const keys = createLocalJWKSet((await this.#json(location)) as unknown as JSONWebKeySet);
      this.#entries.set(issuer, { keys, at: now, tried: now, failed: -Infinity });
      return keys;
    } catch {
      const entry = this.#entries.get(issuer);
      if (entry) this.#entries.set(issuer, { ...entry, failed: now });
      throw unreachable(issuer);
    }
  }

  async #json(url: string): Promise<Record<string, unknown>> {
    const response = await this.#fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { Accept: 'application/json' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    const parsed: unknown = JSON.parse(await boundedText(response, MAX_BYTES, REFUSALS));
    if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
    return parsed as Record<string, unknown>;
  }
}

// An issuer on this machine (plain http, allowed by the configuration for trials) may name keys on its own origin only.
function isSafe(location: string, issuer: string): boolean {
  const url = URL.parse(location);
  return url !== null && (url.protocol === 'https:' || url.origin === new URL(issuer).origin);
}

function unreachable(issuer: string): Fault {
  return new Fault('ServiceBusy', `the keys of ${issuer} cannot be read`, { 'Retry-After': String(FAILURE_PAUSE / 1000) });
}
