// MD5 of four streams at a time as WebAssembly, put together from RFC 1321 when it is asked for: one vector has the same word of four digests.

/** Streams at a time. */
export const LANES = 4;
/** Where the vectors a, b, c, d of the four digests are in the module's memory. */
export const STATE_AT = 0;
/** One word for each of the 64 steps. */
const TABLE_AT = 64;
/** The first byte that is free. */
export const FREE_AT = 1024;

/** RFC 1321 section 3.4: floor(2^32 · |sin i|). */
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))));
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** Which word of the block a step takes. */
const WORDS = [(i: number) => i, (i: number) => 5 * i + 1, (i: number) => 3 * i + 5, (i: number) => 7 * i] as const;

/** And the version. */
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] as const;
const [I32, V128] = [0x7f, 0x7b];
const ADD = simd(174);
const [AND, ANDNOT, OR, XOR, NOT] = [simd(78), simd(79), simd(80), simd(81), simd(77)];
/** Parameters: where the next block of each stream is, and how many blocks; then locals. */
const [POINTERS, COUNT, DIGEST, BEFORE, ROWS, BLOCK] = [0, 4, 5, 9, 13, 17];
const LOCALS = 4 + 4 + 4 + 16;

/** Exports `memory` and `blocks(p0, p1, p2, p3, count)`: takes so many blocks of 64 bytes at each place into the four digests. `pages`: of memory. */
export function md5LanesCode(pages: number): Uint8Array<ArrayBuffer> {
  const body = [
    ...vector([[...unsigned(LOCALS), V128]]),
    ...[0, 1, 2, 3].flatMap((i) => [...constant(0), ...load(STATE_AT + 16 * i), ...set(DIGEST + i)]),
    // loop
    0x03,
    0x40,
    ...[0, 1, 2, 3].flatMap((i) => [...get(DIGEST + i), ...set(BEFORE + i)]),
    ...[0, 1, 2, 3].flatMap(transposed),
    ...Array.from({ length: 64 }, (_, i) => step(i)).flat(),
    ...[0, 1, 2, 3].flatMap((i) => [...get(DIGEST + i), ...get(BEFORE + i), ...ADD, ...set(DIGEST + i)]),
    ...[0, 1, 2, 3].flatMap((i) => [...get(POINTERS + i), ...constant(64), 0x6a, ...set(POINTERS + i)]),
    ...get(COUNT),
    ...constant(1),
    0x6b,
    0x22,
    COUNT,
    // br_if to the loop, and its end
    0x0d,
    0,
    0x0b,
    ...[0, 1, 2, 3].flatMap((i) => [...constant(0), ...get(DIGEST + i), ...simd(11), 4, ...unsigned(STATE_AT + 16 * i)]),
    0x0b,
  ];
  const table = [...new Uint8Array(Uint32Array.from(SINES).buffer)];
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, [[0x60, ...vector([[I32], [I32], [I32], [I32], [I32]]), 0]]),
    ...section(3, [[0]]),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [
      [...text('memory'), 2, 0],
      [...text('blocks'), 0, 0],
    ]),
    ...section(10, [[...unsigned(body.length), ...body]]),
    ...section(11, [[0, ...constant(TABLE_AT), 0x0b, ...unsigned(table.length), ...table]]),
  ]);
}

/** Words 4·group to 4·group + 3 of the block: rows of four words of one stream become vectors of one word of four streams. */
function transposed(group: number): readonly number[] {
  const [low, high] = [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ] as const;
  const [first, second] = [
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ] as const;
  const word = BLOCK + 4 * group;
  const row = (i: number): number[] => [...get(POINTERS + i), ...load(16 * group)];
  const mixed = (i: number, j: number, words: readonly number[]): number[] => [...row(i), ...row(j), ...shuffle(words)];
  const joined = (i: number, words: readonly number[]): number[] => [...get(ROWS + i), ...get(ROWS + i + 2), ...shuffle(words)];
  return [
    ...mixed(0, 1, low),
    ...set(ROWS),
    ...mixed(0, 1, high),
    ...set(ROWS + 1),
    ...mixed(2, 3, low),
    ...set(ROWS + 2),
    ...mixed(2, 3, high),
    ...set(ROWS + 3),
    ...joined(0, first),
    ...set(word),
    ...joined(0, second),
    ...set(word + 1),
    ...joined(1, first),
    ...set(word + 2),
    ...joined(1, second),
    ...set(word + 3),
  ];
}

/** a = b + ((a + f(b, c, d) + X[k] + T[i]) <<< s), and the names turn. */
function step(i: number): readonly number[] {
  const round = Math.floor(i / 16) as 0 | 1 | 2 | 3;
  const [a, b, c, d] = [0, 1, 2, 3].map((name) => get(DIGEST + ((name + 64 - i) % 4))) as [number[], number[], number[], number[]];
  const mixed = [
    () => [...c, ...d, ...XOR, ...b, ...AND, ...d, ...XOR],
    () => [...c, ...d, ...ANDNOT, ...b, ...d, ...AND, ...OR],
    () => [...c, ...d, ...XOR, ...b, ...XOR],
    () => [...d, ...NOT, ...b, ...OR, ...c, ...XOR],
  ][round]?.() as number[];
  const word = get(BLOCK + (WORDS[round](i) % 16));
  const shift = SHIFTS[round][(i % 4) as 0 | 1 | 2 | 3];
  const sum = [...a, ...word, ...ADD, ...constant(0), ...simd(9), 2, ...unsigned(TABLE_AT + 4 * i), ...ADD, ...mixed, ...ADD];
  // Kept where the old word was: both shifts need it.
  const [target = 0] = a.slice(1);
  return [
    ...sum,
    0x22,
    target,
    ...constant(shift),
    ...simd(171),
    ...a,
    ...constant(32 - shift),
    ...simd(173),
    ...OR,
    ...b,
    ...ADD,
    ...set(target),
  ];
}

function simd(code: number): number[] {
  return [0xfd, ...unsigned(code)];
}

function get(local: number): number[] {
  return [0x20, local];
}

function set(local: number): number[] {
  return [0x21, local];
}

/** i32.const, of what is not negative. */
function constant(value: number): number[] {
  return [0x41, ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, value >> 7])];
}

/** v128.load at the address that is on the stack. */
function load(offset: number): number[] {
  return [...simd(0), 4, ...unsigned(offset)];
}

function shuffle(words: readonly number[]): number[] {
  return [...simd(13), ...words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte))];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}
