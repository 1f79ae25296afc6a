// Server-sent events out of an answer (HTML Living Standard, section 9.2), as far as services of this project write them.
import { asVospaceError } from './error.ts';
import { within } from './within.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** Ends when the stream does. Throws VospaceError ConnectionFailed where it breaks, or is silent for so many milliseconds. */
export async function* eventsOf(response: Response, stall: number): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const part = await within(reader.read(), stall, (reason) => void reader.cancel(reason).catch(() => undefined));
      if (part.done) return;
      const blocks = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = readEvent(block);
        if (event) yield event;
      }
    }
  } catch (thrown) {
    throw asVospaceError(thrown, 'stream of events', undefined);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Undefined for a comment, which is a sign of life. */
function readEvent(block: string): ServerEvent | undefined {
  let [event, id]: [string, string | undefined] = ['message', undefined];
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(\w+):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { event, id, data: data.join('\n') };
}
