// Server-sent events as tests read them.
import http from 'node:http';
import type { User } from './world.ts';

export interface Event {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

export interface Stream {
  readonly status: number;
  /** Without comments. */
  readonly events: readonly Event[];
  readonly ended: boolean;
  /** Everything that has come. */
  readonly text: string;
  hangUp(): void;
}

/** Resolves when the answer begins; what comes after that is added. */
export function openStream(user: User, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
  const { user: name = '', password = '' } = user.credentials ?? {};
  return new Promise((resolve, reject) => {
    const options = { auth: `${name}:${password}`, agent: false, headers: { accept: 'text/event-stream', ...headers } };
    const request = http.get(user.base + path, options, (answer) => {
      const stream = {
        status: answer.statusCode ?? 0,
        events: [] as Event[],
        ended: false,
        text: '',
        hangUp: () => void request.destroy(),
      };
      let rest = '';
      answer
        .setEncoding('utf8')
        .on('data', (text: string) => {
          stream.text += text;
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) if (!block.startsWith(':')) stream.events.push(readEvent(block));
        })
        .on('end', () => (stream.ended = true))
        .on('error', () => (stream.ended = true));
      resolve(stream);
    });
    request.on('error', reject);
  });
}

function readEvent(block: string): Event {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
  return { event: fields.get('event') ?? '', id: fields.get('id'), data: fields.get('data') ?? '' };
}
