// In which pieces a large node comes. Swift digests each segment of which it sends all at once, in its proxy and once more beside the disk, which
// is more than all else it does for it. So where parts are digested here they come as pieces that begin at their second byte.

export class Pieces {
  /** Bytes of each part, and of each piece but the first and the last. */
  readonly range: number;
  readonly #size: number;
  readonly #shift: number;

  /** `digested`: the parts are compared when they have come. */
  constructor(size: number, range: number, digested: boolean) {
    this.range = range;
    this.#size = size;
    this.#shift = digested ? 1 : 0;
  }

  get parts(): number {
    return Math.ceil(this.#size / this.range);
  }

  get count(): number {
    return Math.max(1, Math.ceil((this.#size - this.#shift) / this.range));
  }

  /** The end is the byte after the last. */
  piece(number: number): readonly [start: number, end: number] {
    const start = number * this.range + this.#shift;
    return [number === 0 ? 0 : start, Math.min(this.#size, start + this.range)];
  }

  part(number: number): readonly [start: number, end: number] {
    return [number * this.range, Math.min(this.#size, (number + 1) * this.range)];
  }

  /** The parts of which nothing is missing with this piece, beside those that are there. */
  completedBy(piece: number, there: ReadonlySet<number>): readonly number[] {
    const isThere = (one: number): boolean => one === piece || one < 0 || one >= this.count || there.has(one);
    return [...new Set([piece, piece + this.#shift])].filter((part) => part < this.parts && isThere(part) && isThere(part - this.#shift));
  }
}
