// One pipe on the screen: how it stands, what it has done in the last minutes, and a signal for what shows it.
import { signal, type Signal } from '@preact/signals';
import type { PipeChange } from '../../model/event.ts';
import type { ChunkNotice, Lag } from '../../model/pipe.ts';
import type { PipeDocument } from '../../model/json/pipe-answers.ts';
import { countsOf, firstMovement, moved, stateOf, stillWaiting, worstLag, type FlowState, type Movement } from './model/flow-state.ts';
import { History } from './model/history.ts';
import { merge } from './model/merge.ts';

/** What is shown of a pipe: drawn together, some pipes in each frame. */
export interface Shown {
  readonly document: PipeDocument;
  readonly movement: Movement;
  readonly state: FlowState;
  /** When the service told this, epoch milliseconds, as the next. */
  readonly told: number;
  readonly now: number;
}

/** What has moved with an event, in chunks. */
export interface Flow {
  readonly pipe: string;
  readonly written: number;
  readonly visible: number;
  /** By the group's name. */
  readonly acked: ReadonlyMap<string, number>;
}

export class Entry {
  readonly id: string;
  readonly history = new History();
  readonly shown: Signal<Shown>;
  #document: PipeDocument;
  #movement: Movement;
  #told: number;
  readonly #begun: number;

  constructor(document: PipeDocument, now: number) {
    this.id = document.pipe;
    this.#document = document;
    this.#movement = firstMovement(document, now);
    this.#told = now;
    this.#begun = now;
    this.#remember(now);
    this.shown = signal(this.#look(now));
  }

  get document(): PipeDocument {
    return this.#document;
  }

  /** Says what has moved. Shown by the next `draw`. */
  tell(change: PipeChange, now: number): Flow {
    return this.#set(merge(this.#document, change), now);
  }

  describe(document: PipeDocument, now: number): Flow {
    return this.#set(document, now);
  }

  /** Whether flow from before it was on the screen has been added. */
  isSeeded = false;

  /** The flow of chunks that were there before this pipe was on the screen, by their times. */
  seed(chunks: readonly ChunkNotice[], now: number): void {
    if (this.isSeeded) return;
    this.isSeeded = true;
    for (const { written, ready, size, status } of chunks) {
      const [begun, ended] = [Date.parse(written), Date.parse(ready ?? '')];
      if (begun < this.#begun) {
        this.history.addPast(now, 'written', begun, 1);
        this.history.addPast(now, 'bytes', begun, size);
      }
      if (status === 'ready' && ended < this.#begun) this.history.addPast(now, 'visible', ended, 1);
    }
  }

  draw(now: number): void {
    this.shown.value = this.#look(now);
  }

  #look(now: number): Shown {
    const state = stateOf(this.#document, this.#movement, now);
    return { document: this.#document, movement: this.#movement, state, told: this.#told, now };
  }

  #set(document: PipeDocument, now: number): Flow {
    const before = this.#document;
    this.#movement = moved(this.#movement, before, document, now);
    this.#document = document;
    this.#told = now;
    this.#remember(now);
    const had = new Map((before.groups ?? []).map(({ group, acked }) => [group, acked]));
    return {
      pipe: this.id,
      written: countsOf(document).written - countsOf(before).written,
      visible: countsOf(document).visible - countsOf(before).visible,
      acked: new Map((document.groups ?? []).map(({ group, acked }) => [group, acked - (had.get(group) ?? acked)])),
    };
  }

  #remember(now: number): void {
    const { written, visible } = countsOf(this.#document);
    const totals = { written, visible, bytes: this.#document.bytes?.written ?? 0 };
    this.history.add(now, { ...totals, lag: worstLag(this.#document).chunks });
  }
}

/** The worst lag at this moment: what waits has waited longer since it was told. */
export function lagNow({ document, told, now }: Shown): Lag {
  return stillWaiting(worstLag(document), (now - told) / 1000);
}
