// Transfers: negotiated in one call, or submitted as jobs. VOSpace 2.1 section 6.4.
import { HTTP_GET, HTTP_PUT, HTTPS_GET, HTTPS_PUT, LENGTH_PARAM, type Direction, type Protocol, type Transfer } from '../model/transfer.ts';
import { readAs } from './endpoints.ts';
import { VospaceError } from './error.ts';
import type { Jobs, Waiting } from './jobs.ts';
import type { Where } from './place.ts';
import type { Asking, Session } from './session.ts';

export interface Negotiated {
  /** The service's answer: with endpoints, in the order of its preference. */
  readonly details: Transfer;
  /** The URL of the job; undefined for a service that answers without one. */
  readonly job: string | undefined;
  /** Those of the endpoints that this client can use. */
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly url: string;
  readonly protocol: Protocol;
}

export interface Moved {
  readonly job: string;
  /** Where the node is: the service may have chosen its name. */
  readonly uri: string;
}

export class Transfers {
  readonly #session: Session;
  readonly #jobs: Jobs;

  constructor(session: Session, jobs: Jobs) {
    this.#session = session;
    this.#jobs = jobs;
  }

  /**
   * pushToVoSpace or pullFromVoSpace, over http and https: with signed endpoints where the service has them, and with the client's own
   * credentials where it has not.
   */
  async request(direction: Direction, where: Where, { length, signal }: Asking & { readonly length?: number | undefined } = {}) {
    const pulls = direction === 'pullFromVoSpace';
    const [open, safe] = pulls ? [HTTP_GET, HTTPS_GET] : [HTTP_PUT, HTTPS_PUT];
    const { ours } = this.#session.codec;
    // Ours gives the same endpoint for both.
    const uris = !ours ? [safe, open] : this.#session.endpoints.base.startsWith('https:') ? [safe] : [open];
    const method = this.#session.wire.identity.securityMethod;
    const bare = uris.map((uri): Protocol => ({ uri, securityMethods: [] }));
    const signed = method === undefined ? [] : uris.map((uri): Protocol => ({ uri, securityMethods: [method] }));
    return this.negotiate(
      {
        targets: [await this.#session.uriOf(where, { signal })],
        direction,
        protocols: [...bare, ...signed],
        params: length === undefined ? [] : [{ uri: LENGTH_PARAM, value: String(length) }],
        version: '2.1',
      },
      { signal },
    );
  }

  /** pullFromVoSpace of one archive with the trees of all of these in it. Only this project's service makes them. */
  async archive(
    wheres: readonly Where[],
    { format = 'zip', signal }: Asking & { readonly format?: 'tar' | 'zip' } = {},
  ): Promise<Negotiated> {
    const targets = await Promise.all(wheres.map((where) => this.#session.uriOf(where, { signal })));
    const uri = this.#session.endpoints.base.startsWith('https:') ? HTTPS_GET : HTTP_GET;
    const view = { uri: `ivo://vopipe/views#${format}` };
    const protocols = [{ uri, securityMethods: [] }];
    return this.negotiate({ targets, direction: 'pullFromVoSpace', view, protocols, params: [], version: '2.1' }, { signal });
  }

  /** Negotiates one transfer as it is given. Throws the job's fault when the service offers no endpoint. */
  async negotiate(transfer: Transfer, { signal }: Asking = {}): Promise<Negotiated> {
    const { codec } = this.#session;
    const url = await this.#session.endpoints.url('synctrans', signal);
    const body = codec.formatTransfer(transfer);
    // To have a pull negotiated twice changes nothing; a push reserves something each time.
    const repeat = transfer.direction === 'pullFromVoSpace' ? 'always' : 'unprocessed';
    let answer = await this.#session.send({ method: 'POST', url, body, repeat, stop: true, signal });
    const job = answer.url === url ? undefined : jobOf(answer.url);
    if (answer.text === '')
      answer = await this.#session.send({ method: 'GET', url: answer.url, signal }).catch(async (thrown: unknown) => {
        // What it has reserved is nobody's.
        if (repeat !== 'always' && job !== undefined) await this.#jobs.abort(job).catch(() => undefined);
        throw thrown;
      });
    return this.#negotiated(readAs(codec.parseTransfer, answer), job, signal);
  }

  /** What an asynchronous push or pull offers, once its job is EXECUTING or has COMPLETED. Throws the job's fault when it has failed. */
  async details(job: string, { signal }: Asking = {}): Promise<Negotiated> {
    const url = await this.#jobs.url(job, signal);
    const call = { method: 'GET', url: `${url}/results/transferDetails`, signal } as const;
    return this.#negotiated(await this.#session.read(this.#session.codec.parseTransfer, call), url, signal);
  }

  async #negotiated(details: Transfer, job: string | undefined, signal: AbortSignal | undefined): Promise<Negotiated> {
    const endpoints = this.#usable(details.protocols);
    if (endpoints.length > 0) return { details, job, endpoints };
    if (job !== undefined) {
      const known = await this.#jobs.get(job, { signal });
      if (known.phase === 'ERROR') throw await this.#jobs.failure(job, known, { signal });
    }
    throw new VospaceError('ProtocolNotSupported', `${details.targets.join(' ')}: no endpoint that this client can use`);
  }

  /** Submits an asynchronous transfer and starts it; the answer is the job's URL. */
  async submit(transfer: Transfer, { signal }: Asking = {}): Promise<string> {
    const url = await this.#session.endpoints.url('transfers', signal);
    return this.#jobs.submit(url, this.#session.codec.formatTransfer(transfer), {}, { signal });
  }

  /** Moves a node, and all below it, to another name or into a container. Resolves when that is done; an abort leaves the job running. */
  async move(from: Where, to: Where, waiting: Waiting = {}): Promise<Moved> {
    return this.#relocate(from, to, false, waiting);
  }

  /** The same, and the original stays. */
  async copy(from: Where, to: Where, waiting: Waiting = {}): Promise<Moved> {
    return this.#relocate(from, to, true, waiting);
  }

  async #relocate(from: Where, to: Where, keepBytes: boolean, waiting: Waiting): Promise<Moved> {
    const [target, direction] = [await this.#session.uriOf(from, waiting), await this.#session.uriOf(to, waiting)];
    const job = await this.submit({ targets: [target], direction, keepBytes, protocols: [], params: [], version: '2.1' }, waiting);
    waiting.submitted?.(job);
    const { results } = await this.#jobs.completed(job, waiting);
    const found = results.find(({ id }) => id === 'destination') ?? results.find(({ id }) => id === 'dataNode');
    return { job, uri: found?.href.startsWith('vos:') ? found.href : direction };
  }

  /** Each URL once; none that asks for credentials at another origin, because it would get none. */
  #usable(protocols: readonly Protocol[]): readonly Endpoint[] {
    const { identity } = this.#session.wire;
    const found = new Map<string, Endpoint>();
    for (const protocol of protocols) {
      const { endpoint: url, securityMethods } = protocol;
      if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url) || found.has(url)) continue;
      if (securityMethods.length > 0 && !identity.isOwn(url)) continue;
      found.set(url, { url, protocol });
    }
    return [...found.values()];
  }
}

/** The job behind its transferDetails; OpenCADC's services have them at /xfer/JOB, too. */
function jobOf(details: string): string {
  return details.replace(/\/results\/transferDetails\/?$/, '').replace(/\/xfer\/([^/]+)$/, '/transfers/$1');
}
