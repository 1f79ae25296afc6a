// What one to four writers ask of a pipe: chunks of all kinds, one or many, again or with other bytes, under keys, and the last one.
import type { Append, NewChunk } from '../../../src/durable/pipe/port.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { Random } from '../../support/random.ts';
import { digest, foreignChunk, inlineChunk, pinnedChunk } from './pipe.ts';
import type { ReferencePipe } from './pipe-reference.ts';
import { ADMIN, OWNER, READER, STRANGER, WRITER } from './space.ts';

const WRITERS: readonly Principal[] = [OWNER, WRITER, ADMIN, WRITER];

export class RandomRequests {
  readonly #reference: ReferencePipe;
  readonly #random: Random;
  readonly #writers: number;
  readonly #keys: { readonly text: string; readonly digest: string; readonly append: Append }[] = [];

  constructor(reference: ReferencePipe, random: Random) {
    this.#reference = reference;
    this.#random = random;
    this.#writers = random.between(1, 4);
  }

  #name(): string {
    const known = this.#reference.chunks.length;
    // Now and then one that is there; names that are next to each other come from several writers.
    return `n${this.#random.chance(0.15) ? this.#random.below(known + 1) : known + this.#random.below(6)}`;
  }

  #chunk(): NewChunk {
    const name = this.#name();
    const number = Number(name.slice(1));
    const other = this.#random.chance(0.04);
    if (number % 3 === 0) return inlineChunk(name, other ? `${name} differs` : name);
    const size = 1 + ((number * 37) % 900) + (other && this.#random.chance(0.5) ? 1 : 0);
    if (number % 3 === 1) return { ...pinnedChunk(name, size), md5: digest(other ? `${name} differs` : name), type: 'text/plain' };
    return foreignChunk(name, size, this.#random.chance(0.5) ? digest(other ? `${name} differs` : name) : undefined);
  }

  append(): Append {
    if (this.#keys.length > 0 && this.#random.chance(0.08)) {
      const { append, ...key } = this.#random.pick(this.#keys);
      return this.#random.chance(0.2) ? { ...append, key: { ...key, digest: 'another' } } : append;
    }
    const count = this.#random.chance(0.55) ? 1 : this.#random.chance(0.04) ? 120 : this.#random.between(2, 8);
    const chunks = Array.from({ length: count }, () => this.#chunk());
    const principal = this.#random.chance(0.02)
      ? this.#random.pick([READER, STRANGER])
      : (WRITERS[this.#random.below(this.#writers)] ?? OWNER);
    const final = this.#random.chance(0.004) ? (this.#random.chance(0.5) ? {} : { total: this.#reference.chunks.length + 1 }) : undefined;
    const text = this.#random.chance(0.15) ? `key ${this.#random.below(1000)}` : undefined;
    const append: Append = { principal, chunks, ...(final && { final }), ...(text !== undefined && { key: { text, digest: text } }) };
    if (text !== undefined && !this.#keys.some((key) => key.text === text)) this.#keys.push({ text, digest: text, append });
    // Under a key that was used before this is another request.
    return text !== undefined && append.key && this.#keys.some((key) => key.text === text && key.append !== append)
      ? { ...append, key: { text, digest: 'another' } }
      : append;
  }
}
