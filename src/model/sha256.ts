// SHA-256 of a short text at once: FIPS 180-4. Asking Web Crypto, and waiting for its answer, costs more than all else that recognises a request.

const BLOCK = 64;
const utf8 = new TextEncoder();

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
const ROUNDS = Int32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
/** Of the square roots of the first eight. */
const BEGIN = Int32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));

const words = new Int32Array(64);
const state = new Int32Array(8);
let room = new Uint8Array(16 * BLOCK);

/** Of the text's UTF-8, in lower-case hexadecimal. Nothing of the text is kept. */
export function sha256Now(text: string): string {
  // A character has three bytes at most; what ends the last block has nine at least.
  if (room.length < 3 * text.length + 9 + BLOCK) room = new Uint8Array(2 * (3 * text.length + 9 + BLOCK));
  const { written: length } = utf8.encodeInto(text, room);
  const end = Math.ceil((length + 9) / BLOCK) * BLOCK;
  room[length] = 0x80;
  for (let i = 0, bits = length * 8; i < 4; i++, bits >>>= 8) room[end - 1 - i] = bits;
  state.set(BEGIN);
  for (let at = 0; at < end; at += BLOCK) takeBlock(at);
  room.fill(0, 0, end);
  words.fill(0);
  let hex = '';
  for (let i = 0; i < 8; i++) hex += ((state[i] ?? 0) >>> 0).toString(16).padStart(8, '0');
  return hex;
}

function takeBlock(at: number): void {
  for (let i = 0; i < 16; i++)
    words[i] = (byte(at + 4 * i) << 24) | (byte(at + 4 * i + 1) << 16) | (byte(at + 4 * i + 2) << 8) | byte(at + 4 * i + 3);
  for (let i = 16; i < 64; i++) {
    const one = word(i - 15);
    const two = word(i - 2);
    const small = turn(one, 7) ^ turn(one, 18) ^ (one >>> 3);
    const large = turn(two, 17) ^ turn(two, 19) ^ (two >>> 10);
    words[i] = (word(i - 16) + small + word(i - 7) + large) | 0;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < 64; i++) {
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[i] ?? 0) + word(i)) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  add(0, a);
  add(1, b);
  add(2, c);
  add(3, d);
  add(4, e);
  add(5, f);
  add(6, g);
  add(7, h);
}

function byte(at: number): number {
  return room[at] ?? 0;
}

function word(i: number): number {
  return words[i] ?? 0;
}

function add(i: number, value: number): void {
  state[i] = ((state[i] ?? 0) + value) | 0;
}

/** To the right, within 32 bits. */
function turn(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}
