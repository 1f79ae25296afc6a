// Short texts that only this service can have made: endpoints that need no sign-in, and job ids that cannot be guessed or probed.
import type { SpaceId } from '../model/space-id.ts';
import { queueIn, queueOf, type JobId } from '../model/job.ts';
import type { PipeId } from '../model/pipe.ts';
import { isEqualDigest, randomText, toHex } from '../model/secret.ts';
import type { StoreKeysPort } from '../objects/keys.ts';

/** The right to send the bytes of one upload. */
export interface Ticket {
  readonly space: SpaceId;
  readonly upload: string;
  /** Who negotiated it. */
  readonly user: string;
}

const MAX_KNOWN = 10_000;
const utf8 = new TextEncoder();

export class Tickets {
  #key: CryptoKey | undefined;
  /** Ids whose tag has been found right. */
  readonly #pipes = new Set<PipeId>();

  readonly #keys: Pick<StoreKeysPort, 'secret'>;

  constructor(keys: Pick<StoreKeysPort, 'secret'>) {
    this.#keys = keys;
  }

  async write(ticket: Ticket): Promise<string> {
    return this.seal('ticket', [ticket.space, ticket.upload, ticket.user].join('|'));
  }

  /** A text of this kind that only the service can have made. It is readable for everybody. */
  async seal(kind: string, body: string): Promise<string> {
    return `${toText(utf8.encode(body))}.${await this.#tag(`${kind} ${body}`, 32)}`;
  }

  /** Undefined for anything that `seal` has not made of this kind. */
  async open(kind: string, text: string): Promise<string | undefined> {
    const [encoded = '', tag = '', ...rest] = text.split('.');
    const body = fromText(encoded);
    return body === undefined || rest.length > 0 || !isSame(tag, await this.#tag(`${kind} ${body}`, 32)) ? undefined : body;
  }

  /** Undefined for anything that `write` has not made. */
  async read(text: string): Promise<Ticket | undefined> {
    const body = await this.open('ticket', text);
    if (body === undefined) return undefined;
    const [space = '', upload = '', user = ''] = body.split('|');
    return { space: space as SpaceId, upload, user };
  }

  /**
   * A job's id begins with the name of its owner's queue and ends with a tag, so that a made-up id reaches no object at all. For the same
   * occasion it is the same.
   */
  async makeJobId(owner: string, occasion?: string): Promise<JobId> {
    const name = occasion === undefined ? randomText(9).replace(/[^A-Za-z0-9]/g, 'x') : await this.#tag(`occasion ${occasion}`, 12);
    const body = (await queueOf(owner)) + name;
    return (body + (await this.#tag(`job ${body}`, 8))) as JobId;
  }

  /** The id and the name of the queue that holds the job; undefined for an id that was never given out. */
  async readJobId(text: string): Promise<{ readonly id: JobId; readonly queue: string } | undefined> {
    if (!/^[A-Za-z0-9]{32}$/.test(text)) return undefined;
    const body = text.slice(0, -8);
    return isSame(text.slice(-8), await this.#tag(`job ${body}`, 8)) ? { id: text as JobId, queue: queueIn(text as JobId) } : undefined;
  }

  /** Random, or the same for the same occasion; with a tag, so that a made-up id reaches no object at all. */
  async makePipeId(occasion?: string): Promise<PipeId> {
    const body = occasion === undefined ? toHex(crypto.getRandomValues(new Uint8Array(12))) : await this.#tag(`pipe for ${occasion}`, 24);
    return (body + (await this.#tag(`pipe ${body}`, 8))) as PipeId;
  }

  /** Undefined for an id that was never given out. */
  async readPipeId(text: string): Promise<PipeId | undefined> {
    if (this.#pipes.has(text as PipeId)) return text as PipeId;
    if (!/^[0-9a-f]{32}$/.test(text) || !isSame(text.slice(-8), await this.#tag(`pipe ${text.slice(0, -8)}`, 8))) return undefined;
    if (this.#pipes.size >= MAX_KNOWN) this.#pipes.clear();
    this.#pipes.add(text as PipeId);
    return text as PipeId;
  }

  async #tag(text: string, length: number): Promise<string> {
    // The key is kept, not the promise of it: a request must not wait for another request's I/O.
    this.#key ??= await crypto.subtle.importKey(
      'raw',
      utf8.encode(`tickets ${await this.#keys.secret()}`),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', this.#key, utf8.encode(text)));
    return toHex(signature).slice(0, length);
  }
}

function toText(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function fromText(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isSame(a: string, b: string): boolean {
  return isEqualDigest(utf8.encode(a), utf8.encode(b));
}
