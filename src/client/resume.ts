// A stream of bytes that survives broken connections: it goes on where it was, of the same bytes, and compares them in the end.
import { md5Of } from './digest.ts';
import { asVospaceError, VospaceError } from './error.ts';
import { waitFor } from './retry.ts';
import type { Wire } from './request.ts';
import type { Progress } from './source.ts';
import { within } from './within.ts';

export interface Reading {
  /** The answer with the bytes from this one on, counted in the node; as a whole when `from` is undefined. */
  readonly open: (from: number | undefined) => Promise<Response>;
  /** Where the wanted bytes begin in the node. */
  readonly start: number;
  /** How many they are, if known. */
  readonly size: number | undefined;
  /** Whether the digest of all the bytes is the node's; called once, at the end. Undefined: not compared. */
  readonly check: ((md5: string) => Promise<void>) | undefined;
  readonly progress: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The body of `first`, and of as many answers after it as are needed. */
export function resumable(wire: Wire, reading: Reading, first: Response): ReadableStream<Uint8Array> {
  const { open, start, size, check, progress, signal } = reading;
  const md5 = check && md5Of(wire.runtime);
  const etag = first.headers.get('ETag');
  let source: Body | undefined = bodyOf(first, start, wire.stall);
  let [bytes, failures] = [0, 0];

  /** The next portion; undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      try {
        source ??= bodyOf(same(await open(start + bytes), etag), start + bytes, wire.stall);
        const part = await source.read(size === undefined ? undefined : size - bytes);
        if (part !== undefined || size === undefined || bytes === size) return part;
        throw new VospaceError('ConnectionFailed', `the answer ended after ${bytes} of ${size} bytes`);
      } catch (thrown) {
        const error = asVospaceError(thrown, 'download', signal);
        await source?.cancel();
        source = undefined;
        failures += 1;
        if (!(error instanceof VospaceError) || !error.transient || failures >= wire.policy.tries) throw error;
        await waitFor(error, failures, wire.policy, wire.runtime, signal);
      }
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const part = await next();
        if (part === undefined) {
          if (md5) await check?.(md5.hex());
          controller.close();
          return;
        }
        failures = 0;
        bytes += part.byteLength;
        md5?.update(part);
        controller.enqueue(part);
        progress?.({ bytes, total: size });
      },
      async cancel() {
        await source?.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

interface Body {
  /** At most so many bytes; undefined at the end. */
  readonly read: (most: number | undefined) => Promise<Uint8Array | undefined>;
  readonly cancel: () => Promise<void>;
}

/** What an answer holds from this byte of the node on. One that begins earlier, because the server knows no ranges, is read up to there. */
function bodyOf(response: Response, from: number, stall: number): Body {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  let skip = from - beginning(response, from);
  return {
    read: async (most = Infinity) => {
      for (;;) {
        if (!reader) return undefined;
        const part = await within(reader.read(), stall, (reason) => void reader.cancel(reason).catch(() => undefined));
        if (part.done) return undefined;
        const rest = part.value.subarray(Math.min(skip, part.value.byteLength));
        skip -= part.value.byteLength - rest.byteLength;
        if (rest.byteLength === 0) continue;
        if (most > 0) return rest.subarray(0, Math.min(most, rest.byteLength));
        // More than was asked for, from a server that knows no ranges.
        await reader.cancel();
        return undefined;
      }
    },
    cancel: async () => reader?.cancel().catch(() => undefined),
  };
}

function beginning(response: Response, asked: number): number {
  if (response.status !== 206) return 0;
  const [, first] = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  // A browser hides the header of another origin that does not expose it.
  return first === undefined ? asked : Number(first);
}

function same(response: Response, etag: string | null): Response {
  const other = response.headers.get('ETag');
  if (etag !== null && other !== null && other !== etag)
    throw new VospaceError('Corrupted', 'the bytes were replaced while they were read');
  return response;
}
