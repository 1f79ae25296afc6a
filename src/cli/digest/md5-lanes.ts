// MD5 of up to four streams at a time, a third of the time of one after the other: each has a lane of the vectors, and they need not be as long.
import { FREE_AT, LANES, md5LanesCode, STATE_AT } from './md5-lanes-code.ts';

export interface Stream {
  /** Fills at least one byte; 0 at the end. What it throws is given to `over`. */
  readonly read: (into: Uint8Array) => number;
  /** `md5`: hexadecimal; undefined where the stream has failed. */
  readonly over: (md5: string | undefined, thrown?: unknown) => void;
}

interface Lane {
  readonly number: number;
  readonly buffer: Uint8Array;
  stream: Stream | undefined;
  /** In the buffer: blocks that were taken, those that are there, and the bytes after them. */
  taken: number;
  blocks: number;
  rest: number;
  length: number;
  ended: boolean;
}

const [PAGE, BLOCK] = [64 * 1024, 64];
/** Bytes of a stream that are read at a time. */
const READ = 128 * 1024;
/** With the padding behind. */
const BUFFER = READ + 2 * BLOCK;
const BEGIN = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;

type Blocks = (p0: number, p1: number, p2: number, p3: number, count: number) => void;

export class Md5Lanes {
  readonly #memory: ArrayBuffer;
  readonly #blocks: Blocks;
  readonly #lanes: readonly Lane[];

  /** Throws CompileError on a processor without vectors. */
  constructor() {
    const module = new WebAssembly.Module(md5LanesCode(Math.ceil((FREE_AT + LANES * BUFFER) / PAGE)));
    const { memory, blocks } = new WebAssembly.Instance(module).exports;
    this.#memory = (memory as WebAssembly.Memory).buffer as ArrayBuffer;
    this.#blocks = blocks as Blocks;
    this.#lanes = Array.from({ length: LANES }, (_, number) => ({
      number,
      buffer: new Uint8Array(this.#memory, FREE_AT + number * BUFFER, BUFFER),
      stream: undefined,
      taken: 0,
      blocks: 0,
      rest: 0,
      length: 0,
      ended: false,
    }));
  }

  get isIdle(): boolean {
    return this.#lanes.every(({ stream }) => stream === undefined);
  }

  /** False: all lanes are taken. */
  begin(stream: Stream): boolean {
    const lane = this.#lanes.find((one) => one.stream === undefined);
    if (!lane) return false;
    Object.assign(lane, { stream, taken: 0, blocks: 0, rest: 0, length: 0, ended: false });
    const state = this.#stateOf(lane);
    for (const [i, word] of BEGIN.entries()) state.setUint32(i * 16, word, true);
    return true;
  }

  /** Takes a few blocks of each. */
  step(): void {
    for (const lane of this.#lanes) {
      if (lane.stream && lane.taken === lane.blocks && !lane.ended) this.#fill(lane, lane.stream);
    }
    const busy = this.#lanes.filter(({ stream }) => stream !== undefined);
    if (busy.length === 0) return;
    const count = Math.min(...busy.map(({ blocks, taken }) => blocks - taken));
    // Those that have no stream count what lies in their buffers, and nobody asks.
    const [p0 = 0, p1 = 0, p2 = 0, p3 = 0] = this.#lanes.map(
      ({ number, stream, taken }) => FREE_AT + number * BUFFER + (stream ? taken * BLOCK : 0),
    );
    this.#blocks(p0, p1, p2, p3, count);
    for (const lane of busy) {
      lane.taken += count;
      if (lane.ended && lane.taken === lane.blocks) this.#end(lane, this.#hexOf(lane));
    }
  }

  #fill(lane: Lane, { read }: Stream): void {
    const { buffer } = lane;
    buffer.copyWithin(0, lane.blocks * BLOCK, lane.blocks * BLOCK + lane.rest);
    let have = lane.rest;
    try {
      while (have < BLOCK && !lane.ended) {
        const length = read(buffer.subarray(have, READ));
        lane.length += length;
        have += length;
        lane.ended = length === 0;
      }
    } catch (thrown) {
      this.#end(lane, undefined, thrown);
      return;
    }
    if (lane.ended) have = this.#pad(lane, have);
    [lane.taken, lane.blocks, lane.rest] = [0, Math.floor(have / BLOCK), have % BLOCK];
  }

  /** RFC 1321 sections 3.1 and 3.2. */
  #pad({ number, buffer, length }: Lane, have: number): number {
    const end = Math.ceil((have + 9) / BLOCK) * BLOCK;
    buffer.fill(0, have, end);
    buffer[have] = 0x80;
    new DataView(this.#memory, FREE_AT + number * BUFFER).setBigUint64(end - 8, BigInt(length) * 8n, true);
    return end;
  }

  #end(lane: Lane, md5: string | undefined, thrown?: unknown): void {
    const { stream } = lane;
    lane.stream = undefined;
    stream?.over(md5, thrown);
  }

  #hexOf(lane: Lane): string {
    const state = this.#stateOf(lane);
    return [0, 1, 2, 3]
      .map((i) =>
        state
          .getUint32(i * 16, false)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
  }

  #stateOf({ number }: Lane): DataView {
    return new DataView(this.#memory, STATE_AT + number * 4, 3 * 16 + 4);
  }
}
