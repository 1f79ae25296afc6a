// The text of a body that somebody else sends: never more of it in memory than is allowed.

/** What is thrown for a body that is too long, and for one that is not UTF-8. */
export interface Refusals {
  readonly tooLong: () => Error;
  readonly notUtf8: () => Error;
  /** For one that ends too early, because its sender has hung up; absent: what the runtime throws. */
  readonly brokenOff?: () => Error;
}

/** Keeps nothing between two bodies: it is given whole ones. */
const wholeBody = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The body as text, without its byte order mark; empty where there is none. `most`: bytes. */
export async function boundedText(message: Request | Response, most: number, refusals: Refusals): Promise<string> {
  // The server lets no more come in than a request announces; an answer may have been packed, and be longer than it says.
  const announced = message instanceof Request ? Number(message.headers.get('Content-Length') ?? NaN) : NaN;
  if (announced <= most) {
    const bytes = await whole(refusals, () => message.arrayBuffer());
    if (bytes.byteLength > most) throw refusals.tooLong();
    return decode(refusals, () => wholeBody.decode(bytes));
  }
  if (!message.body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  // The reader, not async iteration: the types of streams differ between runtimes there.
  const reader = message.body.getReader();
  let text = '';
  let size = 0;
  const next = () => whole(refusals, () => reader.read());
  for (let part = await next(); !part.done; part = await next()) {
    const { value } = part;
    size += value.byteLength;
    if (size > most) {
      void reader.cancel().catch(() => undefined);
      throw refusals.tooLong();
    }
    text += decode(refusals, () => decoder.decode(value, { stream: true }));
  }
  return text + decode(refusals, () => decoder.decode());
}

function decode({ notUtf8 }: Refusals, read: () => string): string {
  try {
    return read();
  } catch {
    throw notUtf8();
  }
}

async function whole<T>({ brokenOff }: Refusals, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw brokenOff?.() ?? error;
  }
}
