// The requests of /uploads and /downloads, as they are: what is done with them is the business of uploads.ts, and of those who send bytes their own way.
import type { CompleteDocument, CompleteWish, ItemDocument, OpenDocument, UploadDocument } from '../model/uploads.ts';
import { readAs } from './endpoints.ts';
import { VospaceError, type ClientFault } from './error.ts';
import { waitFor } from './retry.ts';
import type { Session } from './session.ts';

interface Refusal {
  readonly fault: ClientFault;
  readonly detail: string;
  /** Seconds. */
  readonly retryAfter?: number;
}
const NO_ANSWER: Refusal = { fault: 'BadAnswer', detail: 'no answer for this file' };

/** An upload that is asked for. */
export interface NewUpload {
  /** Of the node: vos://… */
  readonly uri: string;
  /** Bytes. */
  readonly length: number;
  readonly type?: string;
  /** Lower-case hex. */
  readonly md5?: string;
  /** Absent: only where one PUT does not do. */
  readonly parts?: boolean;
  /** `*`: refused with PreconditionFailed where the node has bytes. */
  readonly ifNoneMatch?: string;
}

/** What is asked about uploads; answers to lists are in the order of their items. */
export class UploadCalls {
  readonly #session: Session;
  readonly #signal: AbortSignal | undefined;

  constructor(session: Session, signal: AbortSignal | undefined) {
    this.#session = session;
    this.#signal = signal;
  }

  async begin(wish: NewUpload): Promise<UploadDocument> {
    const [item] = await this.beginMany([wish]);
    const refused = refusalOf(item);
    if (refused) throw refused;
    return item as UploadDocument;
  }

  /** `parts`: those for which URLs are wanted, `3-20` or `missing`. */
  state(id: string, parts?: string): Promise<UploadDocument> {
    return this.#ask('GET', `uploads/${id}${parts === undefined ? '' : `?parts=${parts}`}`);
  }

  /** Safe to repeat; another request that is completing it takes a moment. */
  async complete(id: string, wish: CompleteWish): Promise<UploadDocument> {
    const { policy, runtime } = this.#session.wire;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#ask('POST', `uploads/${id}/complete`, wish, 'always');
      } catch (error) {
        if (!(error instanceof VospaceError) || error.retryAfter === undefined || error.fault !== 'NodeBusy' || tries >= policy.tries)
          throw error;
        await waitFor(error, tries, policy, runtime, this.#signal);
      }
    }
  }

  /** The caller's own that are under way, the latest first, at most 500: for a node, or for what is below it; absent: in his own container. */
  async open(where?: string): Promise<readonly OpenDocument[]> {
    const query = where === undefined ? '' : `?${new URLSearchParams({ uri: where }).toString()}`;
    const { items = [] } = await this.#ask<{ readonly items?: readonly OpenDocument[] }>('GET', `uploads${query}`);
    return items;
  }

  /** Up to 500. */
  beginMany(wishes: readonly NewUpload[]): Promise<readonly ItemDocument<UploadDocument>[]> {
    return this.list('uploads', wishes, 'unprocessed');
  }

  /** Up to 500; each answer as soon as it stands. Those that may be complete a moment later, because another request is at it or the store was slow, are asked for again; `resting` is called before. */
  async *completeMany(
    items: readonly (CompleteWish & { readonly id: string })[],
    resting?: () => void,
  ): AsyncGenerator<CompleteDocument, void, undefined> {
    const { policy, runtime } = this.#session.wire;
    let open = items;
    for (let tries = 1; open.length > 0; tries++) {
      const later = new Map<string, VospaceError>();
      for (const answer of await this.list<CompleteDocument>('uploads/complete', open, 'always')) {
        const refusal = refusalOf(answer);
        if (refusal?.retryAfter === undefined || tries >= policy.tries) yield answer;
        else later.set(answer.id, refusal);
      }
      const [first] = later.values();
      if (first) resting?.();
      if (first) await waitFor(first, tries, policy, runtime, this.#signal);
      open = open.filter(({ id }) => later.has(id));
    }
  }

  async abandon(id: string): Promise<void> {
    const { wire, endpoints } = this.#session;
    await wire.ask({ method: 'DELETE', url: `${endpoints.base}/uploads/${id}`, signal: this.#signal });
  }

  async list<T>(resource: string, items: readonly object[], repeat: 'always' | 'unprocessed'): Promise<readonly T[]> {
    if (items.length === 0) return [];
    const found = await this.#ask<{ readonly items?: readonly T[] }>('POST', resource, { items }, repeat);
    if (found.items?.length !== items.length) throw new VospaceError('BadAnswer', `${resource}: another number of items than was sent`);
    return found.items;
  }

  async #ask<T>(method: string, path: string, document?: object, repeat?: 'always' | 'unprocessed'): Promise<T> {
    const { wire, endpoints } = this.#session;
    const url = `${endpoints.base}/${path}`;
    const body = document === undefined ? {} : { body: JSON.stringify(document) };
    const headers = { Accept: 'application/json', ...(document && { 'Content-Type': 'application/json' }) };
    const answer = await wire.ask({ method, url, headers, ...body, ...(repeat && { repeat }), signal: this.#signal });
    return readAs((text) => JSON.parse(text) as T, answer);
  }
}

/** Why an item of a list was refused; undefined: it was not. */
export function refusalOf<T extends object>(item: T | Refusal | undefined): VospaceError | undefined {
  const { fault, detail, retryAfter } = item === undefined ? NO_ANSWER : (item as Partial<Refusal>);
  return fault && new VospaceError(fault, detail ?? '', { retryAfter: retryAfter === undefined ? undefined : retryAfter * 1000 });
}
