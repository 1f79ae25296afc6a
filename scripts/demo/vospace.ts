// The calls of VOSpace that the demonstration makes: documents out in XML, answers in JSON, bytes to and from the store itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { CORE, nodeDocument, pushDocument, type NodeType } from './xml.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What a listing says of one child. */
export interface Child {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Upload {
  /** The signed URL in the store. */
  readonly url: string;
  /** URL of the job. */
  readonly job: string;
}

interface Sending {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Expected statuses beside 2xx and 303. */
  readonly also?: readonly number[];
}

const LONGEST_COMMIT_MS = 60_000;

export class Vospace {
  readonly base: string;
  /** `vos://authority`. */
  readonly root: string;
  readonly #authorization: string;

  private constructor(base: string, root: string, authorization: string) {
    this.base = base;
    this.root = root;
    this.#authorization = authorization;
  }

  /** Throws an Error for a person when the service does not answer or refuses the credentials. */
  static async connect(base: string, { user, password }: Credentials): Promise<Vospace> {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await new Vospace(base, '', authorization).send('GET', '/nodes?limit=0').catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      throw new Error(`nothing answers at ${base}: start the service with npm start, or set VOSPACE_URL`, { cause: error });
    });
    const { uri } = (await answer.json()) as { uri: string };
    return new Vospace(base, uri.replace(/\/$/, ''), authorization);
  }

  uri(path: readonly string[]): string {
    return [this.root, ...path].join('/');
  }

  /** Makes the node if it is not there. Whether it was made. */
  async create(
    path: readonly string[],
    type: NodeType,
    properties: Readonly<Record<string, string>> = {},
    target?: string,
  ): Promise<boolean> {
    const body = nodeDocument(this.uri(path), type, properties, target);
    const { status } = await this.send('PUT', `/nodes/${path.join('/')}`, { body, headers: { 'Content-Type': 'text/xml' }, also: [409] });
    return status !== 409;
  }

  async annotate(path: readonly string[], type: NodeType, properties: Readonly<Record<string, string>>): Promise<void> {
    const body = nodeDocument(this.uri(path), type, properties);
    await this.send('POST', `/nodes/${path.join('/')}`, { body, headers: { 'Content-Type': 'text/xml' } });
  }

  async list(path: readonly string[]): Promise<Child[]> {
    const answer = await this.send('GET', `/nodes/${path.join('/')}?detail=properties`);
    const { nodes = [] } = (await answer.json()) as { nodes?: { uri: string; properties: Record<string, string> }[] };
    return nodes.map(({ uri, properties }) => ({ name: uri.slice(uri.lastIndexOf('/') + 1), properties }));
  }

  /** Negotiates an upload (synctrans): where in the store the bytes go, and the job that then ends. */
  async negotiate(path: readonly string[], length: number): Promise<Upload> {
    const body = pushDocument(this.uri(path), length);
    const answer = await this.send('POST', '/synctrans', { body, headers: { 'Content-Type': 'text/xml' } });
    const details = answer.headers.get('Location') ?? '';
    const transfer = await this.send('GET', details);
    const { protocols } = (await transfer.json()) as { protocols: { endpoint?: string }[] };
    const url = protocols.map(({ endpoint = '' }) => endpoint).find((endpoint) => isElsewhere(endpoint, this.base));
    const job = details.replace(/\/results\/transferDetails$/, '');
    if (url === undefined) throw new Error(`${this.uri(path)}: no URL in the store was offered: ${await this.#text(`${job}/error`)}`);
    return { url, job };
  }

  /** Resolves when the node has its bytes. */
  async finish({ job }: Upload): Promise<void> {
    for (const start = performance.now(); ;) {
      const phase = await this.#text(`${job}/phase`);
      if (phase === 'COMPLETED') return;
      if (phase !== 'EXECUTING' || performance.now() - start > LONGEST_COMMIT_MS)
        throw new Error(`${job}: ${phase} ${await this.#text(`${job}/error`)}`);
      await sleep(500);
    }
  }

  /** A signed URL for the bytes; links are followed. */
  async sign(path: readonly string[]): Promise<string> {
    const query = new URLSearchParams({
      TARGET: this.uri(path),
      DIRECTION: 'pullFromVoSpace',
      PROTOCOL: `${CORE}httpget`,
      REQUEST: 'redirect',
    });
    const answer = await this.send('GET', `/synctrans?${query}`);
    return answer.headers.get('Location') ?? '';
  }

  /**
   * Sends a request with the credentials. Throws an Error that holds the service's own words for an unexpected status.
   * @param where a path below the base URL, or a URL of the service
   */
  async send(method: string, where: string, { headers, body, also = [] }: Sending = {}): Promise<Response> {
    const url = where.startsWith('/') ? this.base + where : where;
    if (isElsewhere(url, this.base)) throw new Error(`credentials are not for ${new URL(url).origin}`);
    const answer = await fetch(url, {
      method,
      headers: { Authorization: this.#authorization, Accept: 'application/json', ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    if (answer.ok || answer.status === 303 || also.includes(answer.status)) return answer;
    throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  }

  async #text(where: string): Promise<string> {
    return (await this.send('GET', where)).text();
  }
}

function isElsewhere(url: string, base: string): boolean {
  return url !== '' && new URL(url).origin !== new URL(base).origin;
}
