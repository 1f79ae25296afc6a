// Bytes out of a node: negotiated, read as a stream that resumes, and compared with the node's length and MD5.
import { valueIn } from '../model/node.ts';
import { ENCODING, LENGTH, MD5, TYPE } from '../model/property.ts';
import { VospaceError } from './error.ts';
import type { Nodes } from './nodes.ts';
import type { Where } from './place.ts';
import { resumable } from './resume.ts';
import type { Resources } from './resources.ts';
import type { Asking, Session } from './session.ts';
import type { Progress } from './source.ts';
import type { Endpoint, Transfers } from './transfers.ts';

export interface DownloadOptions extends Asking {
  /** Bytes from `start` to `end`, both counted in; without an end, to the last. */
  readonly range?: { readonly start: number; readonly end?: number } | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
  /** Default true: the stream fails at its end when the bytes are not those of the node. */
  readonly verify?: boolean | undefined;
}

export interface Download {
  /** Fails with a VospaceError; Corrupted at its end. Cancel it, or abort the signal, when it is not read to its end. */
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes in `body`, if known. */
  readonly size: number | undefined;
  /** Of the whole node, if known: 32 hexadecimal digits. */
  readonly md5: string | undefined;
  readonly type: string;
  /** Whether the end of `body` will tell that the bytes are right. */
  readonly verifies: 'md5' | 'length' | 'no';
}

interface Facts {
  readonly length: number | undefined;
  readonly md5: string | undefined;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
}

export class Downloads {
  readonly #session: Session;
  readonly #nodes: Nodes;
  readonly #transfers: Transfers;

  constructor({ session, nodes, transfers }: Resources) {
    this.#session = session;
    this.#nodes = nodes;
    this.#transfers = transfers;
  }

  async download(where: Where, { range, progress, signal, verify = true }: DownloadOptions = {}): Promise<Download> {
    const { wire } = this.#session;
    const [facts, negotiated] = await Promise.all([
      this.#facts(where, signal),
      this.#transfers.request('pullFromVoSpace', where, { signal }),
    ]);
    const start = range?.start ?? 0;
    if (facts.length !== undefined && range && start >= facts.length)
      throw new VospaceError('RangeNotSatisfiable', `the node has ${facts.length} bytes`);
    let { endpoints } = negotiated;
    const open = async (from: number | undefined): Promise<Response> => {
      const bytes = from === undefined ? undefined : `bytes=${from}-${range?.end ?? ''}`;
      return this.#open(endpoints, bytes, signal).catch(async (thrown: unknown) => {
        // Signed URLs end. What is negotiated anew is read from the same byte on.
        if (!(thrown instanceof VospaceError) || thrown.transient || thrown.status === 416) throw thrown;
        ({ endpoints } = await this.#transfers.request('pullFromVoSpace', where, { signal }));
        return this.#open(endpoints, bytes, signal);
      });
    };
    const first = await wire.repeat({ method: 'GET', url: endpoints[0]?.url ?? '', signal }, () => open(range && start));
    // fetch decodes such bytes: neither their number nor their digest is the node's then.
    const encoded = !['', 'identity'].includes(first.headers.get('Content-Encoding')?.trim().toLowerCase() ?? facts.encoding ?? '');
    const length = encoded ? undefined : (facts.length ?? wholeLength(first));
    const size = length === undefined ? undefined : Math.max(0, Math.min(length, (range?.end ?? Infinity) + 1) - start);
    const whole = size === length && !encoded;
    const check = verify && whole && facts.md5 !== undefined ? this.#checkFor(where, facts.md5, signal) : undefined;
    return {
      body: resumable(wire, { open: encoded ? refuse : open, start, size, check, progress, signal }, first),
      size,
      md5: facts.md5,
      type: facts.type ?? first.headers.get('Content-Type') ?? 'application/octet-stream',
      verifies: check ? 'md5' : size === undefined ? 'no' : 'length',
    };
  }

  async #open(endpoints: readonly Endpoint[], range: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
    let last: unknown;
    for (const { url } of endpoints) {
      try {
        const headers = range === undefined ? {} : { Range: range };
        return (await this.#session.wire.open({ method: 'GET', url, headers, signal })).response;
      } catch (thrown) {
        if (!(thrown instanceof VospaceError)) throw thrown;
        last = thrown;
      }
    }
    throw last;
  }

  async #facts(where: Where, signal: AbortSignal | undefined): Promise<Facts> {
    const { node } = await this.#nodes.get(where, { limit: 0, detail: 'properties', signal });
    const length = valueIn(node, LENGTH)?.trim() ?? '';
    // The length of a container is that of what it holds, and a link's bytes are its target's.
    const own = node.type !== 'LinkNode' && node.type !== 'ContainerNode';
    return {
      length: own && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
      md5: own ? readMd5(valueIn(node, MD5)) : undefined,
      type: own ? valueIn(node, TYPE) : undefined,
      encoding: own ? valueIn(node, ENCODING) : undefined,
    };
  }

  #checkFor(where: Where, expected: string, signal: AbortSignal | undefined): (md5: string) => Promise<void> {
    return async (md5) => {
      if (md5 === expected) return;
      // The node may have been replaced between the question and the negotiation: then these are its bytes of then.
      const after = await this.#facts(where, signal);
      if (md5 !== after.md5) throw new VospaceError('Corrupted', `the bytes have MD5 ${md5}, the node says ${after.md5 ?? expected}`);
    };
  }
}

function refuse(): Promise<Response> {
  return Promise.reject(
    new VospaceError('TransferFailed', 'the connection broke, and bytes that are decoded on the way cannot be resumed'),
  );
}

/** Of all the bytes, from an answer with all or some of them. */
function wholeLength(response: Response): number | undefined {
  const [text] =
    response.status === 206 ? (/\d+$/.exec(response.headers.get('Content-Range') ?? '') ?? []) : [response.headers.get('Content-Length')];
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readMd5(text: string | undefined): string | undefined {
  const md5 = text?.trim().toLowerCase();
  return md5 !== undefined && /^[0-9a-f]{32}$/.test(md5) ? md5 : undefined;
}
