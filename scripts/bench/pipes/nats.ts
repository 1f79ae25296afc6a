// NATS JetStream on files: a server of our own, and as much of its protocol as is measured. It syncs its files every two minutes, not at every write.
import { connect, type Socket } from 'node:net';
import { freePort } from '../world.ts';
import { program, serve } from './install.ts';
import { DATA, gone, type Log, type Peer } from './peer.ts';

export async function nats(): Promise<Peer | undefined> {
  const path = program('nats-server');
  if (path === undefined) return undefined;
  const port = await freePort();
  const running = await serve(Number(port), (folder) => [path, '-js', '-sd', folder, '-a', '127.0.0.1', '-p', port]);
  return {
    name: 'NATS JetStream, no fsync',
    log: async (name) => {
      const client = await Client.open(running.port);
      await client.ask(`$JS.API.STREAM.CREATE.${name}`, JSON.stringify({ name, subjects: [name], storage: 'file' }));
      client.close();
      return logOf(running.port, name);
    },
    close: () => running.close(),
  };
}

function logOf(port: number, name: string): Log {
  const consume = (client: Client, policy: 'new' | 'all', inbox: string): Promise<string> => {
    const config = { deliver_subject: inbox, deliver_policy: policy, ack_policy: 'none' };
    return client.ask(`$JS.API.CONSUMER.CREATE.${name}`, JSON.stringify({ stream_name: name, config }));
  };
  return {
    writer: async (list) => {
      const client = await Client.open(port);
      const add = (): Promise<string> => client.ask(name, DATA);
      return { work: () => Promise.all(Array.from({ length: list }, add)), close: () => client.close() };
    },
    reader: async () => {
      const client = await Client.open(port);
      let arrived: (() => void) | undefined;
      await consume(
        client,
        'new',
        client.subscribe(() => arrived?.()),
      );
      return { next: () => new Promise((resolve) => (arrived = resolve)), close: () => client.close() };
    },
    readAll: async (count) => {
      const client = await Client.open(port);
      await new Promise<void>((resolve, reject) => {
        let left = count;
        const inbox = client.subscribe(() => {
          if (--left === 0) resolve();
        });
        consume(client, 'all', inbox).catch(reject);
      });
      client.close();
    },
  };
}

let inboxes = 0;

class Client {
  readonly #socket: Socket;
  readonly #subscribed = new Map<string, (text: string) => void>();
  readonly #rejects = new Set<(error: Error) => void>();
  #answers = new Map<string, (text: string) => void>();
  #buffer: Buffer = Buffer.alloc(0);
  readonly #prefix = `_INBOX.bench-${inboxes++}`;
  #asked = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => this.#take(data));
    socket.on('close', () => this.#rejects.forEach((reject) => reject(gone())));
    socket.write(`CONNECT {"verbose":false,"pedantic":false,"headers":false}\r\nSUB ${this.#prefix}.* 1\r\n`);
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(new Client(socket)));
      socket.once('error', reject);
    });
  }

  /** A message that is answered. Throws what JetStream refuses. */
  ask(subject: string, text: string): Promise<string> {
    const inbox = `${this.#prefix}.${this.#asked++}`;
    return new Promise((resolve, reject) => {
      this.#rejects.add(reject);
      this.#answers.set(inbox, (answer) => {
        this.#rejects.delete(reject);
        if (answer.includes('"error"')) reject(new Error(answer));
        else resolve(answer);
      });
      this.#socket.write(`PUB ${subject} ${inbox} ${Buffer.byteLength(text)}\r\n${text}\r\n`);
    });
  }

  /** A subject of its own, for messages that are sent there. */
  subscribe(take: (text: string) => void): string {
    const inbox = `${this.#prefix.replace('_INBOX', '_DELIVER')}.${this.#asked++}`;
    this.#subscribed.set(inbox, take);
    this.#socket.write(`SUB ${inbox} ${this.#asked + 1}\r\n`);
    // A message may come under the subject of the stream; the number of the subscription tells whose it is.
    this.#subscribed.set(String(this.#asked + 1), take);
    return inbox;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data]);
    let at = 0;
    for (;;) {
      const line = this.#buffer.indexOf('\r\n', at);
      if (line < 0) break;
      const words = this.#buffer.toString('latin1', at, line).split(' ');
      if (words[0] !== 'MSG') {
        if (words[0] === 'PING') this.#socket.write('PONG\r\n');
        at = line + 2;
        continue;
      }
      const size = Number(words.at(-1));
      if (this.#buffer.length < line + 2 + size + 2) break;
      const [, subject = '', id = ''] = words;
      const answer = this.#answers.get(subject);
      const text = (): string => this.#buffer.toString('utf8', line + 2, line + 2 + size);
      at = line + 2 + size + 2;
      if (answer) {
        this.#answers.delete(subject);
        answer(text());
      } else this.#subscribed.get(id)?.(text());
    }
    this.#buffer = this.#buffer.subarray(at);
  }
}
