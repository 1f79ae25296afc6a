// MD5 in pure TypeScript, fed piece by piece: RFC 1321. The web platform has none, and it is the checksum that stores and VOSpaces keep.

const BLOCK = 64;
/** Where in the last block the length stands. */
const LENGTH_AT = 56;

/** A digest that has not ended, as JSON: to be gone on with elsewhere. */
export interface Md5State {
  readonly words: readonly number[];
  readonly length: number;
  /** Bytes that do not fill a block yet. */
  readonly rest: readonly number[];
}

/**
 * The digest of all bytes that were given to `update`, in any portions:
 *
 *     new Md5().update(bytes).hex()
 */
export class Md5 {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #length = 0;
  readonly #rest = new Uint8Array(BLOCK);
  readonly #restView = new DataView(this.#rest.buffer);

  constructor() {
    this.#begin();
  }

  #begin(): void {
    this.#a = 0x67452301;
    this.#b = 0xefcdab89 | 0;
    this.#c = 0x98badcfe | 0;
    this.#d = 0x10325476;
    this.#length = 0;
  }

  /** Of bytes that are there as a whole: an instance for all of them, because its buffer costs as much as the digest of a few hundred bytes. */
  static of(bytes: Uint8Array): string {
    whole.#begin();
    return whole.update(bytes).hex();
  }

  static resume({ words: [a = 0, b = 0, c = 0, d = 0], length, rest }: Md5State): Md5 {
    const md5 = new Md5();
    [md5.#a, md5.#b, md5.#c, md5.#d, md5.#length] = [a, b, c, d, length];
    md5.#rest.set(rest);
    return md5;
  }

  state(): Md5State {
    const { buffer } = this.#rest;
    return {
      words: [this.#a, this.#b, this.#c, this.#d],
      length: this.#length,
      rest: Array.from(new Uint8Array(buffer, 0, this.#length % BLOCK)),
    };
  }

  update(bytes: Uint8Array): this {
    const kept = this.#length % BLOCK;
    this.#length += bytes.length;
    let at = 0;
    if (kept > 0) {
      at = Math.min(BLOCK - kept, bytes.length);
      this.#rest.set(bytes.subarray(0, at), kept);
      if (kept + at < BLOCK) return this;
      this.#block(this.#restView, 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#block(view, at);
    this.#rest.set(bytes.subarray(at));
    return this;
  }

  /** 32 lower-case hexadecimal digits. Ends the digest: neither `update` nor `hex` may follow. */
  hex(): string {
    const bits = this.#length * 8;
    const kept = this.#length % BLOCK;
    this.#rest[kept] = 0x80;
    this.#rest.fill(0, kept + 1);
    if (kept + 1 > LENGTH_AT) {
      this.#block(this.#restView, 0);
      this.#rest.fill(0);
    }
    this.#restView.setUint32(LENGTH_AT, bits % 2 ** 32, true);
    this.#restView.setUint32(LENGTH_AT + 4, Math.floor(bits / 2 ** 32), true);
    this.#block(this.#restView, 0);
    return hexOf(this.#a) + hexOf(this.#b) + hexOf(this.#c) + hexOf(this.#d);
  }

  #block(view: DataView, at: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    // Unrolled and written in place, as RFC 1321 section 3.4 has it: several times as fast as a loop over tables.
    a = (a + (d ^ (b & (c ^ d))) + view.getInt32(at + 0, true) - 680876936) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + view.getInt32(at + 4, true) - 389564586) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + view.getInt32(at + 8, true) + 606105819) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + view.getInt32(at + 12, true) - 1044525330) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
    a = (a + (d ^ (b & (c ^ d))) + view.getInt32(at + 16, true) - 176418897) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + view.getInt32(at + 20, true) + 1200080426) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + view.getInt32(at + 24, true) - 1473231341) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + view.getInt32(at + 28, true) - 45705983) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
    a = (a + (d ^ (b & (c ^ d))) + view.getInt32(at + 32, true) + 1770035416) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + view.getInt32(at + 36, true) - 1958414417) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + view.getInt32(at + 40, true) - 42063) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + view.getInt32(at + 44, true) - 1990404162) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
    a = (a + (d ^ (b & (c ^ d))) + view.getInt32(at + 48, true) + 1804603682) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + view.getInt32(at + 52, true) - 40341101) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + view.getInt32(at + 56, true) - 1502002290) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + view.getInt32(at + 60, true) + 1236535329) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
    a = (a + (c ^ (d & (b ^ c))) + view.getInt32(at + 4, true) - 165796510) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + view.getInt32(at + 24, true) - 1069501632) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + view.getInt32(at + 44, true) + 643717713) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + view.getInt32(at + 0, true) - 373897302) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
    a = (a + (c ^ (d & (b ^ c))) + view.getInt32(at + 20, true) - 701558691) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + view.getInt32(at + 40, true) + 38016083) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + view.getInt32(at + 60, true) - 660478335) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + view.getInt32(at + 16, true) - 405537848) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
    a = (a + (c ^ (d & (b ^ c))) + view.getInt32(at + 36, true) + 568446438) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + view.getInt32(at + 56, true) - 1019803690) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + view.getInt32(at + 12, true) - 187363961) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + view.getInt32(at + 32, true) + 1163531501) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
    a = (a + (c ^ (d & (b ^ c))) + view.getInt32(at + 52, true) - 1444681467) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + view.getInt32(at + 8, true) - 51403784) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + view.getInt32(at + 28, true) + 1735328473) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + view.getInt32(at + 48, true) - 1926607734) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
    a = (a + (b ^ c ^ d) + view.getInt32(at + 20, true) - 378558) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + view.getInt32(at + 32, true) - 2022574463) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + view.getInt32(at + 44, true) + 1839030562) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + view.getInt32(at + 56, true) - 35309556) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
    a = (a + (b ^ c ^ d) + view.getInt32(at + 4, true) - 1530992060) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + view.getInt32(at + 16, true) + 1272893353) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + view.getInt32(at + 28, true) - 155497632) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + view.getInt32(at + 40, true) - 1094730640) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
    a = (a + (b ^ c ^ d) + view.getInt32(at + 52, true) + 681279174) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + view.getInt32(at + 0, true) - 358537222) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + view.getInt32(at + 12, true) - 722521979) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + view.getInt32(at + 24, true) + 76029189) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
    a = (a + (b ^ c ^ d) + view.getInt32(at + 36, true) - 640364487) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + view.getInt32(at + 48, true) - 421815835) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + view.getInt32(at + 60, true) + 530742520) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + view.getInt32(at + 8, true) - 995338651) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
    a = (a + (c ^ (b | ~d)) + view.getInt32(at + 0, true) - 198630844) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + view.getInt32(at + 28, true) + 1126891415) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + view.getInt32(at + 56, true) - 1416354905) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + view.getInt32(at + 20, true) - 57434055) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
    a = (a + (c ^ (b | ~d)) + view.getInt32(at + 48, true) + 1700485571) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + view.getInt32(at + 12, true) - 1894986606) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + view.getInt32(at + 40, true) - 1051523) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + view.getInt32(at + 4, true) - 2054922799) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
    a = (a + (c ^ (b | ~d)) + view.getInt32(at + 32, true) + 1873313359) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + view.getInt32(at + 60, true) - 30611744) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + view.getInt32(at + 24, true) - 1560198380) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + view.getInt32(at + 52, true) + 1309151649) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
    a = (a + (c ^ (b | ~d)) + view.getInt32(at + 16, true) - 145523070) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + view.getInt32(at + 44, true) - 1120210379) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + view.getInt32(at + 8, true) + 718787259) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + view.getInt32(at + 36, true) - 343485551) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
    this.#a = (this.#a + a) | 0;
    this.#b = (this.#b + b) | 0;
    this.#c = (this.#c + c) | 0;
    this.#d = (this.#d + d) | 0;
  }
}

const whole = new Md5();

/** The four bytes of a word, the lowest first. */
function hexOf(word: number): string {
  const swapped = ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  return (swapped >>> 0).toString(16).padStart(8, '0');
}
