// Bytes into a node: negotiated, sent to one endpoint after the other until one takes them, and compared with what the node then has.
import { LENGTH, MD5 } from '../model/property.ts';
import { valueIn, type NodeDocument } from '../model/node.ts';
import { asVospaceError, VospaceError, type ClientFault } from './error.ts';
import type { Jobs } from './jobs.ts';
import type { Nodes } from './nodes.ts';
import type { Where } from './place.ts';
import { waitFor } from './retry.ts';
import type { Resources } from './resources.ts';
import type { Asking, Session } from './session.ts';
import { Outgoing, type Source, type SourceFacts } from './source.ts';
import type { Endpoint, Negotiated, Transfers } from './transfers.ts';

export interface UploadOptions extends Asking, SourceFacts {
  /** Media type; default that of the Blob, else application/octet-stream. */
  readonly type?: string | undefined;
  /** Default true: the answer waits until the node has the bytes, and they are compared. */
  readonly verify?: boolean | undefined;
}

export interface Uploaded {
  /** The service may have chosen the name. */
  readonly uri: string;
  readonly size: number | undefined;
  readonly md5: string | undefined;
  /** By what the node was found to have these bytes. */
  readonly verified: 'md5' | 'length' | 'no';
}

/** Refusals that no other endpoint and no other try will take back. */
const FINAL: readonly ClientFault[] = [
  'QuotaExceeded',
  'RequestEntityTooLarge',
  'PreconditionFailed',
  'InvalidArgument',
  'NodeLocked',
  'PermissionDenied',
  'NotAuthenticated',
];
/** Questions to the node before its bytes are given up; the service may need a moment to take them over. */
const MOST_LOOKS = 40;

export class Uploads {
  readonly #session: Session;
  readonly #nodes: Nodes;
  readonly #jobs: Jobs;
  readonly #transfers: Transfers;

  constructor({ session, nodes, jobs, transfers }: Resources) {
    this.#session = session;
    this.#nodes = nodes;
    this.#jobs = jobs;
    this.#transfers = transfers;
  }

  async upload(where: Where, source: Source, options: UploadOptions = {}): Promise<Uploaded> {
    const { signal, verify = true } = options;
    const { policy, runtime } = this.#session.wire;
    const body = new Outgoing(source, options, runtime);
    const type = options.type ?? (source instanceof Blob && source.type !== '' ? source.type : 'application/octet-stream');
    let negotiated: Negotiated | undefined;
    for (let tries = 1; ; tries++) {
      try {
        negotiated ??= await this.#transfers.request('pushToVoSpace', where, { length: body.size, signal });
        await this.#send(negotiated.endpoints, body, type, signal);
        return await this.#arrived(negotiated, body, verify ? MOST_LOOKS : 0, signal);
      } catch (thrown) {
        const error = asVospaceError(thrown, 'upload', signal);
        const again = error instanceof VospaceError && body.fresh && (error.transient || isFailure(error));
        // The answer may be lost after the bytes have come.
        if (again && verify && negotiated && body.md5 !== undefined) {
          const found = await this.#arrived(negotiated, body, 1, signal).catch(() => undefined);
          if (found) return found;
        }
        if (again && tries < policy.tries && (error.transient || isFailure(error))) {
          if (!error.transient) negotiated = await this.#discard(negotiated);
          await waitFor(error, tries, policy, runtime, signal);
          continue;
        }
        await this.#discard(negotiated);
        throw error;
      }
    }
  }

  /** To the first endpoint that takes the bytes. */
  async #send(endpoints: readonly Endpoint[], body: Outgoing, type: string, signal: AbortSignal | undefined): Promise<void> {
    let last: unknown;
    for (const { url } of endpoints) {
      if (!body.fresh) break;
      try {
        await this.#put(url, body, type, signal);
        return;
      } catch (thrown) {
        if (!(thrown instanceof VospaceError) || FINAL.includes(thrown.fault)) throw thrown;
        last = thrown;
      }
    }
    throw last;
  }

  async #put(url: string, body: Outgoing, type: string, signal: AbortSignal | undefined): Promise<void> {
    const { wire } = this.#session;
    const own = wire.identity.isOwn(url);
    const { size, md5 } = body;
    const headers = {
      'Content-Type': type,
      ...(size !== undefined && !wire.runtime.browser && { 'Content-Length': String(size) }),
      // The service then refuses what has changed on the way before it replaces anything.
      ...(own && md5 !== undefined && { Digest: `md5=${btoa(String.fromCharCode(...bytesOf(md5)))}` }),
    };
    try {
      const { response } = await wire.open({ method: 'PUT', url, headers, body: await body.open(), signal });
      await response.body?.cancel();
      body.sent();
    } catch (thrown) {
      // Without a status it is the source's own: it was not what was stated.
      if (!(thrown instanceof VospaceError) || thrown.transient || thrown.status === undefined || (own && FINAL.includes(thrown.fault)))
        throw thrown;
      // A refusal of the endpoint is not one of the VOSpace: the right to write the node was given when it was negotiated.
      const { detail, status, retryAfter } = thrown;
      throw new VospaceError('TransferFailed', detail, { status, retryAfter, cause: thrown });
    }
  }

  /** Looks at the node until it has the bytes. Throws the job's fault, and Corrupted when the node has other bytes in the end. */
  async #arrived({ details, job }: Negotiated, body: Outgoing, looks: number, signal: AbortSignal | undefined): Promise<Uploaded> {
    const uri = details.targets[0] ?? '';
    const result = { uri, size: body.size, md5: body.md5 };
    if (looks === 0 || uri.endsWith('/.null')) return { ...result, verified: 'no' };
    const md5 = await body.digest();
    const { sleep } = this.#session.wire.runtime;
    for (let look = 1; ; look++) {
      const found = await this.#look(uri, signal);
      const match = found && compare(found, body.size, md5);
      // Without a checksum, the bytes that were there before may be as long: only the job tells.
      const known = match === 'md5' || job === undefined ? undefined : await this.#jobs.get(job, { signal }).catch(() => undefined);
      // A reservation that nobody uses any more leaves a node busy for long: bytes that are right are there all the same.
      const ended = known === undefined ? found?.busy !== true : known.phase === 'COMPLETED';
      if (match === 'md5' || (match && ended)) return { ...result, md5, verified: match };
      if (job !== undefined && known?.phase === 'ERROR') throw await this.#jobs.failure(job, known, { signal });
      const has = found ? `has ${valueIn(found, LENGTH) ?? '?'} bytes, MD5 ${valueIn(found, MD5) ?? '?'}` : 'is not there';
      if (look >= looks) throw new VospaceError('Corrupted', `${uri} ${has}; ${body.size ?? '?'} bytes, MD5 ${md5 ?? '?'} were sent`);
      await sleep(Math.min(2000, 125 * 2 ** look), signal);
    }
  }

  async #look(uri: string, signal: AbortSignal | undefined): Promise<NodeDocument | undefined> {
    try {
      return (await this.#nodes.get(uri, { limit: 0, detail: 'max', signal })).node;
    } catch (thrown) {
      if (thrown instanceof VospaceError && thrown.status === 404) return undefined;
      throw thrown;
    }
  }

  /** Nobody sends these bytes any more: what the service keeps free for them is free again. Services other than ours end a job, and may not forget it. */
  async #discard(negotiated: Negotiated | undefined): Promise<undefined> {
    if (negotiated?.job === undefined) return;
    const { ours } = this.#session.codec;
    await (ours ? this.#jobs.delete(negotiated.job) : this.#jobs.abort(negotiated.job)).catch(() => undefined);
  }
}

function isFailure({ fault }: VospaceError): boolean {
  return fault === 'Corrupted' || fault === 'TransferFailed';
}

function compare(node: NodeDocument, size: number | undefined, md5: string | undefined): 'md5' | 'length' | undefined {
  const [length, digest] = [valueIn(node, LENGTH), valueIn(node, MD5)];
  if (size !== undefined && length !== undefined && Number(length) !== size) return undefined;
  if (md5 !== undefined && digest !== undefined) return digest.trim().toLowerCase() === md5 ? 'md5' : undefined;
  return length === undefined ? undefined : 'length';
}

function bytesOf(hex: string): readonly number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
