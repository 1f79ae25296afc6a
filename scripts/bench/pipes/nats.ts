// NATS JetStream on files: a server of our own, and as much of its protocol as is measured. It syncs its files every two minutes, not at every write.
import type { Socket } from 'node:net';
import { serverOf } from './install.ts';
import { DATA, gone, type Log, type Peer } from './peer.ts';
import { dial, Wire } from './wire.ts';

export async function nats(): Promise<Peer | undefined> {
  const running = await serverOf('nats-server', (port, folder) => ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', port]);
  return (
    running && {
      name: 'NATS JetStream, no fsync',
      log: async (name) => {
        const client = await Client.open(running.port);
        await client.ask(`$JS.API.STREAM.CREATE.${name}`, JSON.stringify({ name, subjects: [name], storage: 'file' }));
        client.close();
        return logOf(running.port, name);
      },
      close: () => running.close(),
    }
  );
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

class Client extends Wire {
  readonly #subscribed = new Map<string, (text: string) => void>();
  readonly #rejects = new Set<(error: Error) => void>();
  #answers = new Map<string, (text: string) => void>();
  readonly #prefix = `_INBOX.bench-${inboxes++}`;
  #asked = 0;

  constructor(socket: Socket) {
    super(socket);
    this.send(`CONNECT {"verbose":false,"pedantic":false,"headers":false}\r\nSUB ${this.#prefix}.* 1\r\n`);
  }

  static open(port: number): Promise<Client> {
    return dial(port, (socket) => new Client(socket));
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
      this.send(`PUB ${subject} ${inbox} ${Buffer.byteLength(text)}\r\n${text}\r\n`);
    });
  }

  /** A subject of its own, for messages that are sent there. */
  subscribe(take: (text: string) => void): string {
    const inbox = `${this.#prefix.replace('_INBOX', '_DELIVER')}.${this.#asked++}`;
    this.#subscribed.set(inbox, take);
    this.send(`SUB ${inbox} ${this.#asked + 1}\r\n`);
    // A message may come under the subject of the stream; the number of the subscription tells whose it is.
    this.#subscribed.set(String(this.#asked + 1), take);
    return inbox;
  }

  protected override lost(): void {
    for (const reject of this.#rejects) reject(gone());
  }

  protected override take(buffer: Buffer): number {
    let at = 0;
    for (;;) {
      const line = buffer.indexOf('\r\n', at);
      if (line < 0) return at;
      const words = buffer.toString('latin1', at, line).split(' ');
      if (words[0] !== 'MSG') {
        if (words[0] === 'PING') this.send('PONG\r\n');
        at = line + 2;
        continue;
      }
      const size = Number(words.at(-1));
      if (buffer.length < line + 2 + size + 2) return at;
      const [, subject = '', id = ''] = words;
      const answer = this.#answers.get(subject);
      const text = (): string => buffer.toString('utf8', line + 2, line + 2 + size);
      at = line + 2 + size + 2;
      if (answer) {
        this.#answers.delete(subject);
        answer(text());
      } else this.#subscribed.get(id)?.(text());
    }
  }
}
