// Streams of JSON lines, one record a line: written page by page as the client takes them, and read line by line.
import type { Context } from 'hono';
import { asFault, Fault } from '../faults.ts';
import type { AppEnv } from './context.ts';

const utf8 = new TextEncoder();

/** What fails on the way is told in a last line `{"kind":"error"}`: the status has been sent by then. */
export function ndjson<T extends object>(
  c: Context<AppEnv>,
  pages: AsyncGenerator<readonly T[]>,
  format: (record: T) => string = (record) => JSON.stringify(record),
): Response {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const page = await pages.next();
        if (page.done) controller.close();
        else if (page.value.length > 0) controller.enqueue(utf8.encode(page.value.map((record) => `${format(record)}\n`).join('')));
        // A pull that brings nothing is not repeated by itself.
        else return this.pull?.(controller);
      } catch (error) {
        controller.enqueue(utf8.encode(`${JSON.stringify({ kind: 'error', ...describe(c, error) })}\n`));
        controller.close();
      }
      return undefined;
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' } });
}

function describe(c: Context<AppEnv>, error: unknown): { readonly fault: string; readonly detail: string } {
  const fault = asFault(error);
  if (fault) return { fault: fault.fault, detail: fault.detail };
  console.error(
    JSON.stringify({
      level: 'error',
      event: 'internal-fault',
      request: c.var.requestId,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  return { fault: 'InternalFault', detail: `request ${c.var.requestId}` };
}

/** The lines of a body, without their ends. Throws InvalidArgument for one longer than `most` characters, and for what is not UTF-8. */
export async function* readLines(body: ReadableStream<Uint8Array>, most: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new Fault('InvalidArgument', 'the body is not UTF-8');
    }
  };
  const reader = body.getReader();
  let rest = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decode(part.value)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > most) throw new Fault('InvalidArgument', `a line has at most ${most} characters`);
    }
    rest += decode();
    if (rest !== '') yield rest;
  } finally {
    // Whoever is refused has to have sent everything before he reads why.
    await drain(reader);
  }
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let part = await reader.read(); !part.done;) part = await reader.read();
  } catch {
    // The sender is gone.
  }
}
