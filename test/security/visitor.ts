// A client with a token, or with none: what the security tests do with nodes and bytes.
import { expect } from 'vitest';
import { Client, type Answer, type Credentials, type Send } from '../support/client.ts';

const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json' };

export const AUTHORITY = 'localhost~vospace';
export const CORE = 'ivo://ivoa.net/vospace/core#';

export class Visitor extends Client {
  readonly #token: string | undefined;

  constructor(base: string, token?: string, credentials?: Credentials) {
    super(base, credentials);
    this.#token = token;
  }

  override send(method: string, where: string, send: Send = {}): Promise<Answer> {
    const isService = !/^https?:/.test(where) || where.startsWith(this.base);
    const authorization = this.#token === undefined || !isService ? {} : { Authorization: `Bearer ${this.#token}` };
    return super.send(method, where, { ...send, headers: { ...authorization, ...send.headers } });
  }

  create(path: string, type = 'ContainerNode', more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const body = JSON.stringify({ uri: `vos://${AUTHORITY}${path}`, type, properties: {}, ...more });
    return this.send('PUT', `/nodes${path}`, { headers: JSON_TYPE, body });
  }

  set(path: string, type: string, properties: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send('POST', `/nodes${path}`, {
      headers: JSON_TYPE,
      body: JSON.stringify({ uri: `vos://${AUTHORITY}${path}`, type, properties }),
    });
  }

  put(path: string, body: string): Promise<Answer> {
    return this.send('PUT', `/files${path}`, { body });
  }

  /** Negotiates by parameters. */
  negotiate(direction: 'pushToVoSpace' | 'pullFromVoSpace', path: string): Promise<Answer> {
    const parameters = new URLSearchParams({
      TARGET: `vos://${AUTHORITY}${path}`,
      DIRECTION: direction,
      PROTOCOL: `${CORE}http${direction === 'pushToVoSpace' ? 'put' : 'get'}`,
    });
    return this.get(`/synctrans?${parameters.toString()}`, { Accept: 'application/json' });
  }

  /** Negotiates by a document; answers the path of the job, below the base URL. */
  async submit(direction: 'pushToVoSpace' | 'pullFromVoSpace', path: string): Promise<string> {
    const protocol = `${CORE}http${direction === 'pushToVoSpace' ? 'put' : 'get'}`;
    const answer = await this.send('POST', '/synctrans', {
      headers: JSON_TYPE,
      body: JSON.stringify({ target: `vos://${AUTHORITY}${path}`, direction, protocols: [{ uri: protocol }] }),
    });
    expect(answer.status, answer.text).toBe(303);
    return (answer.header('Location') ?? '').slice(this.base.length).replace('/results/transferDetails', '');
  }
}

/** The endpoints that a negotiation by parameters or a job's details offer. */
export function endpoints(answer: Answer): string[] {
  const { protocols } = JSON.parse(answer.text) as { readonly protocols: readonly { readonly endpoint?: string }[] };
  return protocols.flatMap(({ endpoint }) => endpoint ?? []);
}

export function expectStatus(answer: Answer, status: number, what = ''): void {
  expect(answer.status, `${what} answered ${answer.status}: ${answer.text.slice(0, 300)}`).toBe(status);
}
