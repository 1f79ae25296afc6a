// Sends an archive: one entry after another from the store, small files read ahead, a broken one never passed over.
import { asFault, Fault } from '../../faults.ts';
import type { ArchiveFormat } from '../../formats/archive.ts';
import { ByteReader } from '../../formats/byte-reader.ts';
import type { Packed } from './archive-entries.ts';
import type { Services } from '../services.ts';
import { readStored } from '../downloads/stored.ts';

/** Bytes of a file that is read whole before its turn. A larger one is opened when its turn has come: a store gives up idle readers. */
const SMALL = 256 * 1024;
/** Small files that are read or held at a time; a Worker has six connections. */
const AHEAD = 8;
/** Bytes of one write: large, because each costs a turn of the event loop. */
const BUFFER = 256 * 1024;
/** Times that a file is asked for again in vain; a large one is gone on with where it broke off. */
const MOST_FAILURES = 3;
/** Bytes of a large file after which its former failures are forgotten. */
const PROGRESS = 16 * 1024 * 1024;
const PAUSE = 250;

/**
 * The archive as a stream of exactly its length. When an entry cannot be read to its end, the stream fails, and the connection with it:
 * what the client has then is shorter than was announced.
 */
export function streamArchive(
  services: Services,
  format: ArchiveFormat,
  packed: readonly Packed[],
  length: number,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new FixedLengthStream(length);
  const sink = new Sink(writable.getWriter());
  const work = send(services, format, packed, sink).catch((error: unknown) => {
    sink.abort(error);
    if (!sink.gone)
      console.error(JSON.stringify({ level: 'warn', event: 'archive-broken', error: asFault(error)?.message ?? String(error) }));
  });
  services.later(work);
  return readable;
}

async function send(services: Services, format: ArchiveFormat, packed: readonly Packed[], sink: Sink): Promise<void> {
  const writer = format.writer();
  const ahead = new ReadAhead(services, packed);
  for (const [i, one] of packed.entries()) {
    await sink.write(writer.before(one.entry));
    if (one.entry.kind === 'file' && one.entry.size > 0) {
      const bytes = await ahead.take(i);
      const pass = async (part: Uint8Array): Promise<void> => {
        writer.pass(part);
        await sink.write(part);
      };
      if (bytes) await pass(bytes);
      else await copyLarge(services, one, one.entry.size, pass, () => sink.gone);
    }
    await sink.write(writer.after());
  }
  await sink.write(writer.end());
  await sink.close();
}

/** Reads the next small files while others are being sent. */
class ReadAhead {
  readonly #reading = new Map<number, Promise<Uint8Array>>();
  readonly #services: Services;
  readonly #packed: readonly Packed[];
  #next = 0;

  constructor(services: Services, packed: readonly Packed[]) {
    this.#services = services;
    this.#packed = packed;
  }

  /** The bytes of a small file; undefined for a large one. Files are taken in their order. */
  async take(index: number): Promise<Uint8Array | undefined> {
    this.#next = Math.max(this.#next, index);
    while (this.#reading.size < AHEAD && this.#next < this.#packed.length) {
      const one = this.#packed[this.#next];
      if (one && isSmall(one)) {
        const reading = one.bytes ? Promise.resolve(one.bytes) : readSmall(this.#services, one);
        // Its failure is told when its turn has come.
        reading.catch(() => undefined);
        this.#reading.set(this.#next, reading);
      }
      this.#next++;
    }
    const reading = this.#reading.get(index);
    const bytes = await reading;
    this.#reading.delete(index);
    return bytes;
  }
}

function isSmall({ entry }: Packed): boolean {
  return entry.kind === 'file' && entry.size > 0 && entry.size <= SMALL;
}

async function readSmall(services: Services, one: Packed): Promise<Uint8Array> {
  const size = one.entry.kind === 'file' ? one.entry.size : 0;
  for (let failures = 0; ;) {
    try {
      const bytes = new Uint8Array(await new Response(await open(services, one, 0, size)).arrayBuffer());
      if (bytes.byteLength !== size)
        throw new Fault('TransferFailed', `${one.uri}: the store has ${bytes.byteLength} of its ${size} bytes`);
      return bytes;
    } catch (error) {
      if (isFinal(error) || ++failures >= MOST_FAILURES) throw error;
      await scheduler.wait(PAUSE * failures);
    }
  }
}

async function copyLarge(
  services: Services,
  one: Packed,
  size: number,
  pass: (part: Uint8Array) => Promise<void>,
  isGone: () => boolean,
): Promise<void> {
  let sent = 0;
  for (let failures = 0; sent < size;) {
    const before = sent;
    let reader: ByteReader | undefined;
    try {
      reader = new ByteReader(await open(services, one, sent, size));
      for (let part = await reader.part(); part; part = await reader.part()) {
        if (sent + part.byteLength > size) throw new Fault('TransferFailed', `${one.uri}: the store has more than its ${size} bytes`);
        await pass(part);
        sent += part.byteLength;
      }
      if (sent < size) throw new Error(`${one.uri}: broke off after ${sent} of ${size} bytes`);
    } catch (error) {
      void reader?.cancel(error);
      failures = sent - before >= PROGRESS ? 1 : failures + 1;
      if (isGone() || isFinal(error) || failures >= MOST_FAILURES) throw error;
      await scheduler.wait(PAUSE * failures);
    }
  }
}

async function open(services: Services, { source, uri }: Packed, start: number, size: number): Promise<ReadableStream<Uint8Array>> {
  if (!source) throw new Fault('TransferFailed', `${uri}: it has no bytes`);
  const place = await services.spaces.placeOf(source);
  return readStored(services, place, start === 0 ? undefined : { start, end: size - 1 });
}

/** What no repetition changes: the bytes are gone, or not what they were. */
function isFinal(error: unknown): boolean {
  const fault = asFault(error)?.fault;
  return fault !== undefined && fault !== 'ServiceBusy';
}

/** Joins small writes to large ones. */
class Sink {
  /** The client takes no more. */
  gone = false;

  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #buffer = new Uint8Array(BUFFER);
  #filled = 0;

  constructor(writer: WritableStreamDefaultWriter<Uint8Array>) {
    this.#writer = writer;
    // These reject when the reader goes away, which write and close tell as well.
    writer.closed.catch(() => undefined);
    writer.ready.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength > this.#buffer.byteLength - this.#filled) await this.#flush();
    if (bytes.byteLength >= this.#buffer.byteLength) return this.#send(bytes);
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.byteLength;
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#writer.close();
  }

  abort(error: unknown): void {
    this.#writer.abort(error).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const filled = this.#filled;
    this.#filled = 0;
    if (filled > 0) await this.#send(this.#buffer.subarray(0, filled));
  }

  async #send(bytes: Uint8Array): Promise<void> {
    try {
      await this.#writer.write(bytes);
    } catch (error) {
      this.gone = true;
      throw error;
    }
  }
}
