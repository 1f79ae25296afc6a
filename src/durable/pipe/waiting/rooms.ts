// Writers who wait for room: woken in the order in which they came, as many as there is room for; then they write again.
import type { Core } from '../core.ts';
import { creditOf } from '../credit.ts';

export interface Need {
  readonly chunks: number;
  readonly bytes: number;
}

export class Rooms {
  readonly #core: Core;
  readonly #waiting = new Map<WebSocket, Need>();

  constructor(core: Core) {
    this.#core = core;
  }

  get size(): number {
    return this.#waiting.size;
  }

  clear(): void {
    this.#waiting.clear();
  }

  add(socket: WebSocket, need: Need): void {
    this.#waiting.set(socket, need);
  }

  /** Whether there is room, or an answer of another kind. */
  has(need: Need): boolean {
    return this.#isOver() || fits(need, creditOf(this.#core));
  }

  /**
   * Takes those out who may try again. Room is not kept for them: somebody else may be quicker. One who does not use it is no loss, because a
   * full pipe has chunks under way, and each that arrives is told again.
   */
  take(): readonly WebSocket[] {
    if (this.#waiting.size === 0) return [];
    const found: WebSocket[] = [];
    const isOver = this.#isOver();
    let { chunks, bytes } = creditOf(this.#core);
    for (const [socket, need] of this.#waiting) {
      if (!isOver && !fits(need, { chunks, bytes })) continue;
      chunks -= need.chunks;
      bytes -= need.bytes;
      this.#waiting.delete(socket);
      found.push(socket);
    }
    return found;
  }

  #isOver(): boolean {
    const { life, closed, auth } = this.#core.row();
    return life !== 'open' || closed !== null || auth !== null;
  }
}

function fits(need: Need, credit: Need): boolean {
  return need.chunks <= credit.chunks && need.bytes <= credit.bytes;
}
