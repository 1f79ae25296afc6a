// Who is told to try again and not given an answer: writers who wait for room, and readers of groups for something to claim.
import type { Core } from '../core.ts';
import { Claimers } from './claimers.ts';
import { Rooms, type Need } from './rooms.ts';

export type Asked = ({ readonly kind: 'room' } & Need) | { readonly kind: 'claim'; readonly group: string };

export class Retriers {
  readonly #rooms: Rooms;
  readonly #claimers: Claimers;

  constructor(core: Core) {
    this.#rooms = new Rooms(core);
    this.#claimers = new Claimers(core);
  }

  get areThere(): boolean {
    return this.#rooms.size > 0 || this.#claimers.size > 0;
  }

  clear(): void {
    this.#rooms.clear();
    this.#claimers.clear();
  }

  add(socket: WebSocket, asked: Asked): void {
    if (asked.kind === 'room') this.#rooms.add(socket, asked);
    else this.#claimers.add(socket, asked.group);
  }

  /** Whether trying again is worth it at this moment. */
  has(asked: Asked): boolean {
    return asked.kind === 'room' ? this.#rooms.has(asked) : this.#claimers.has(asked.group);
  }

  /** Takes those out for whom it is. */
  take(): readonly WebSocket[] {
    return [...this.#rooms.take(), ...this.#claimers.take()];
  }
}
