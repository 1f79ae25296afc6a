// Redis Streams with a file that is synced at every write: a server of our own, and as much of its protocol as is measured.
import type { Worker } from '../load.ts';
import { serverOf } from './install.ts';
import { DATA, gone, PAGE, type Log, type Peer } from './peer.ts';
import { dial, Wire } from './wire.ts';

export async function redis(): Promise<Peer | undefined> {
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const running = await serverOf('redis-server', (port, folder) => ['--bind', '127.0.0.1', '--port', port, ...durable, '--dir', folder]);
  return (
    running && {
      name: 'Redis Streams, fsync always',
      log: async (name) => logOf(running.port, name),
      close: () => running.close(),
    }
  );
}

function logOf(port: number, name: string): Log {
  return {
    writer: async (list): Promise<Worker> => {
      const client = await Client.open(port);
      const add = (i: number): Promise<unknown> => client.ask(['XADD', name, '*', 'name', `chunk-${i}`, 'data', DATA]);
      const work = list === 1 ? add : (i: number) => Promise.all(Array.from({ length: list }, (_, k) => add(i * list + k)));
      return { work, close: () => client.close() };
    },
    reader: async () => {
      const client = await Client.open(port);
      return { next: async () => void (await client.ask(['XREAD', 'BLOCK', '0', 'STREAMS', name, '$'])), close: () => client.close() };
    },
    readAll: async (count) => {
      const client = await Client.open(port);
      let read = 0;
      for (let from = '-'; read < count;) {
        const page = (await client.ask(['XRANGE', name, from, '+', 'COUNT', String(PAGE)])) as [string, unknown][];
        const last = page.at(-1);
        if (!last) throw new Error(`${read} of ${count} entries are there`);
        read += page.length;
        from = `(${last[0]}`;
      }
      client.close();
    },
  };
}

type Reply = string | number | null | readonly Reply[];
interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Answers come in the order of the questions. */
class Client extends Wire {
  readonly #pending: Pending[] = [];

  static open(port: number): Promise<Client> {
    return dial(port, (socket) => new Client(socket));
  }

  ask(words: readonly string[]): Promise<Reply> {
    this.send(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  protected override lost(): void {
    for (const { reject } of this.#pending.splice(0)) reject(gone());
  }

  protected override take(buffer: Buffer): number {
    let at = 0;
    for (;;) {
      const read = readReply(buffer, at);
      if (!read) return at;
      at = read.end;
      const pending = this.#pending.shift();
      if (read.error === undefined) pending?.resolve(read.reply);
      else pending?.reject(new Error(read.error));
    }
  }
}

/** Undefined while the reply is not complete. */
function readReply(buffer: Buffer, at: number): { readonly reply: Reply; readonly end: number; readonly error?: string } | undefined {
  const line = buffer.indexOf('\r\n', at);
  if (line < 0) return undefined;
  const text = buffer.toString('latin1', at + 1, line);
  const end = line + 2;
  const kind = String.fromCharCode(buffer[at] ?? 0);
  if (kind === '+') return { reply: text, end };
  if (kind === '-') return { reply: null, end, error: text };
  const number = Number(text);
  if (kind === ':') return { reply: number, end };
  if (number < 0) return { reply: null, end };
  if (kind === '$')
    return buffer.length < end + number + 2 ? undefined : { reply: buffer.toString('latin1', end, end + number), end: end + number + 2 };
  const items: Reply[] = [];
  let next = end;
  for (let i = 0; i < number; i++) {
    const item = readReply(buffer, next);
    if (!item) return undefined;
    items.push(item.reply);
    next = item.end;
  }
  return { reply: items, end: next };
}
