// What comes much faster than it can be shown: kept by its key, the last of each, until the next time that something is drawn.

export interface CoalescerPorts<K, V> {
  readonly flush: (items: ReadonlyMap<K, V>) => void;
  /** Runs it when there is time to draw. */
  readonly schedule: (run: () => void) => void;
  readonly join: (before: V, next: V) => V;
}

export class Coalescer<K, V> {
  readonly #ports: CoalescerPorts<K, V>;
  #items = new Map<K, V>();
  #isDue = false;

  constructor(ports: CoalescerPorts<K, V>) {
    this.#ports = ports;
  }

  add(key: K, value: V): void {
    const before = this.#items.get(key);
    this.#items.set(key, before === undefined ? value : this.#ports.join(before, value));
    if (this.#isDue) return;
    this.#isDue = true;
    this.#ports.schedule(() => {
      this.#isDue = false;
      const items = this.#items;
      this.#items = new Map();
      this.#ports.flush(items);
    });
  }
}

/** Animation frames, but at least so many milliseconds apart: numbers that change more often cannot be read. */
export function framesApart(
  pause: number,
  now: () => number,
  frame: (run: () => void) => void,
  later: (run: () => void, ms: number) => void,
): (run: () => void) => void {
  let last = -Infinity;
  return (run) => {
    const draw = (): void =>
      frame(() => {
        last = now();
        run();
      });
    const wait = last + pause - now();
    if (wait > 0) later(draw, wait);
    else draw();
  };
}
