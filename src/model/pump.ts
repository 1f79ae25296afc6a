// Moves bytes from any stream into a transform stream, by large buffers.
import type { Flow } from './flow.ts';

/** Bytes of one read: large, because each costs a turn of the event loop. */
const BUFFER = 256 * 1024;

/** Whether it is the source's fault that not exactly `length` bytes came (undefined: any number is right). */
export function isWrongBody({ received, ended, broken }: Flow, length: number | undefined): boolean {
  return broken || (length !== undefined && (received > length || (ended && received < length)));
}

/**
 * What pipeTo does. workerd refuses to pipe from one transform stream into another ("Inter-TransformStream ReadableStream.pipeTo() is
 * not implemented") and leaves both hanging, and a body that was counted on its way is such a stream. With buffers of this size the
 * difference in speed is small. `keepOpen` = preventClose. `tap` sees every byte on its way. `settled` answers whether all went well.
 */
export function pump(
  from: ReadableStream<Uint8Array>,
  into: WritableStream<Uint8Array>,
  keepOpen = false,
  tap?: (bytes: Uint8Array) => Promise<void>,
): Flow {
  const state = { received: 0, ended: false, broken: false };
  const run = async (): Promise<boolean> => {
    const chunks = readChunks(from);
    const writer = into.getWriter();
    // These reject when the reader goes away, which write and close tell as well.
    writer.closed.catch(() => undefined);
    writer.ready.catch(() => undefined);
    const next = (used?: Uint8Array) =>
      chunks.next(used).catch((error: unknown) => {
        state.broken = true;
        throw error;
      });
    try {
      for (let chunk = await next(); chunk.byteLength > 0; chunk = await next(chunk)) {
        state.received += chunk.byteLength;
        if (tap) await tap(chunk);
        await writer.write(chunk);
      }
      state.ended = true;
      if (keepOpen) writer.releaseLock();
      else await writer.close();
      return true;
    } catch (error) {
      await Promise.allSettled([chunks.cancel(error), writer.abort(error)]);
      return false;
    }
  };
  return Object.assign(state, { settled: run() });
}

interface Chunks {
  /** The next bytes, none at the end. `used` gives a buffer back. */
  next(used?: Uint8Array): Promise<Uint8Array>;
  cancel(reason: unknown): Promise<void>;
}

function readChunks(from: ReadableStream<Uint8Array>): Chunks {
  const byob = byobReader(from);
  if (byob) {
    byob.closed.catch(() => undefined);
    return {
      async next(used) {
        const { value } = await byob.readAtLeast(BUFFER, used ? new Uint8Array(used.buffer) : new Uint8Array(BUFFER));
        return value ?? new Uint8Array(0);
      },
      cancel: (reason) => byob.cancel(reason),
    };
  }
  const reader = from.getReader();
  reader.closed.catch(() => undefined);
  return {
    async next() {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return new Uint8Array(0);
        if (value.byteLength > 0) return value;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

/** A stream that was made in JavaScript may have no byte source: undefined then. */
function byobReader(from: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return from.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
