// Remembers the names that an archive has had, in a form that a checkpoint can hold: 100,000 of them take about 1 MB.

/** Eight bytes a name. Two names are taken for one with a chance of one in a million among 100,000: the archive is then refused. */
export class NameSet {
  readonly #seen: Set<number>;

  constructor(text = '') {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    this.#seen = new Set(new Float64Array(bytes.buffer));
  }

  /** False when the name has been there before. */
  add(name: string): boolean {
    const before = this.#seen.size;
    this.#seen.add(hash(name));
    return this.#seen.size > before;
  }

  toString(): string {
    const bytes = new Uint8Array(Float64Array.from(this.#seen).buffer);
    const parts: string[] = [];
    // 8,190 is a multiple of three: the parts of base64 can be joined.
    for (let at = 0; at < bytes.byteLength; at += 8190) parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 8190))));
    return parts.join('');
  }
}

/** 53 bits of two multiplicative hashes. */
function hash(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
