// What has become of the chunks of a stage, counted from what is told of it: also of one that was begun again.
import type { StageEvent, Tally } from './stage.ts';

export class Counter {
  sums: Omit<Tally, 'ended'> = { done: 0, failed: 0, dead: 0, lost: 0, holes: 0, before: { acked: 0, dead: 0 } };
  /** Chunks that are worked on. */
  readonly running = new Set<number>();
  #hasBegun = false;

  count(event: StageEvent): void {
    const { sums, running } = this;
    if (event.kind === 'begun') running.add(event.seq);
    else if ('seq' in event) running.delete(event.seq);
    switch (event.kind) {
      case 'group':
        // Those that an error has ended are told of no more.
        running.clear();
        if (!this.#hasBegun) this.sums = { ...sums, before: { acked: event.acked, dead: event.dead } };
        this.#hasBegun = true;
        return;
      case 'done':
      case 'lost':
        this.sums = { ...sums, [event.kind]: sums[event.kind] + 1 };
        return;
      case 'hole':
        this.sums = { ...sums, holes: sums.holes + 1 };
        return;
      case 'failed':
        this.sums = { ...sums, failed: sums.failed + 1, dead: sums.dead + (event.again === undefined ? 1 : 0) };
        return;
      default:
    }
  }
}
