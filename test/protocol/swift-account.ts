// The Swift account of the service under test, spoken to as its other users speak to it.
import { readSwiftConfig } from '../support/store-vars.ts';

/** A small Swift with one proxy loses its tokens when it is asked for too much. */
const AT_ONCE = 4;

export class SwiftAccount {
  readonly #token: string;
  readonly url: string;

  private constructor(url: string, token: string) {
    this.url = url;
    this.#token = token;
  }

  /** By TempAuth, with the service's own account. */
  static async open(): Promise<SwiftAccount> {
    const { authUrl, user, key } = readSwiftConfig(process.env);
    const answer = await fetch(authUrl, { headers: { 'X-Auth-User': user, 'X-Auth-Key': key } });
    return new SwiftAccount(answer.headers.get('x-storage-url') ?? '', answer.headers.get('x-auth-token') ?? '');
  }

  /** `path` is percent-encoded and begins with the container's name. Throws for any answer but 2xx and 404. */
  async send(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Response> {
    const answer = await fetch(`${this.url}/${path}`, {
      method,
      headers: { 'X-Auth-Token': this.#token, ...headers },
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
    });
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path} answers ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async container(
    name: string,
    objects: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    await this.send('PUT', name, headers);
    const waiting = Object.entries(objects).values();
    const send = async (): Promise<void> => {
      for (const [key, body] of waiting) await this.put(name, key, body);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    return name;
  }

  async put(container: string, key: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.send('PUT', `${container}/${encodeURIComponent(key)}`, { 'Content-Type': 'text/plain', ...headers }, body);
  }

  /** Everything in it, as names and contents. */
  async contents(container: string): Promise<Readonly<Record<string, string>>> {
    const listed = (await (await this.send('GET', `${container}?format=json`)).json()) as readonly { readonly name: string }[];
    const found: Record<string, string> = {};
    for (const { name } of listed) found[name] = await (await this.send('GET', `${container}/${encodeURIComponent(name)}`)).text();
    return found;
  }
}
