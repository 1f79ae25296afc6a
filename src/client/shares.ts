// Shares, which this project's service offers: URLs by which anybody reads a node. Always in JSON.
import { parseSharesJson, parseShareJson, type Share } from '../model/json/share.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import type { Where } from './place.ts';
import type { Asking, Session } from './session.ts';

const JSON_ONLY = { Accept: 'application/json' };
const JSON_BOTH = { ...JSON_ONLY, 'Content-Type': 'application/json' };
const PAGE = 1000;

export class Shares {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `expires`: epoch milliseconds or a Date within a year; 7 days from now where absent. The URL is in this answer only. */
  async create(
    where: Where,
    { expires, signal }: Asking & { readonly expires?: number | Date | undefined } = {},
  ): Promise<Share & { readonly url: string }> {
    const uri = await this.#session.uriOf(where, { signal });
    const body = JSON.stringify({ uri, ...(expires !== undefined && { expires: new Date(expires).toISOString() }) });
    const answer = await this.#session.wire.ask({ method: 'POST', url: this.#url(), headers: JSON_BOTH, body, signal });
    return readAs(parseShareJson, answer);
  }

  /** One's own that have not ended, in the order in which they were made. */
  async *list({ signal }: Asking = {}): AsyncGenerator<Share, void, undefined> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const query: string = new URLSearchParams({ limit: String(PAGE), after }).toString();
      const answer = await this.#session.wire.ask({ method: 'GET', url: `${this.#url()}?${query}`, headers: JSON_ONLY, signal });
      const { shares, next }: ReturnType<typeof parseSharesJson> = readAs(parseSharesJson, answer);
      yield* shares;
      after = next;
    }
  }

  /** Ends a share at once. Revoked already by an earlier try counts as revoked. */
  async revoke(id: string, { signal }: Asking = {}): Promise<void> {
    const url = `${this.#url()}/${encodeURIComponent(id)}`;
    await this.#session.wire.ask({ method: 'DELETE', url, signal }).catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError) || thrown.status !== 404 || !thrown.repeated) throw thrown;
    });
  }

  #url(): string {
    return `${this.#session.endpoints.base}/shares`;
  }
}
