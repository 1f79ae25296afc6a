// Says to the service which uploads have their bytes: many in one request, and the more the longer its answers take.
import { VospaceError } from '../../client/error.ts';
import { refusalOf, type UploadCalls } from '../../client/upload-calls.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { CompleteDocument } from '../../model/uploads.ts';
import { failed, type Copying, type NodePlace } from './copying.ts';
import { putDate } from './dates.ts';
import type { Sendable } from './send.ts';
import { hasArrived, nameAt } from './there.ts';

/** Requests at a time; fewer items than this wait for others. */
const [AT_ONCE, FEW] = [3, 40];
/** Sent and not completed: whoever sends waits then. The service lets a user have 5,000 under way. */
const MOST = 1500;
/** Tries where another request is completing the same. */
const TRIES = 10;

interface Done {
  readonly item: Sendable;
  readonly md5: string;
  tries: number;
}

export class Completion {
  readonly #to: NodePlace;
  readonly #copying: Copying;
  readonly #calls: UploadCalls;
  #waiting: Done[] = [];
  #open = 0;
  readonly #running = new Set<Promise<void>>();
  #wake: (() => void)[] = [];

  constructor(to: NodePlace, copying: Copying, calls: UploadCalls) {
    this.#to = to;
    this.#copying = copying;
    this.#calls = calls;
  }

  add(item: Sendable, md5: string): void {
    this.#waiting.push({ item, md5, tries: 0 });
    this.#open += 1;
    this.#go(FEW);
  }

  /** Resolves when not too many are sent and not completed. */
  async room(): Promise<void> {
    while (this.#open > MOST && !this.#copying.signal.aborted) {
      this.#go(1);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async flush(): Promise<void> {
    this.#go(1);
    await Promise.all(this.#running);
  }

  async end(): Promise<void> {
    while (this.#open > 0 && !this.#copying.signal.aborted) {
      this.#go(1);
      await Promise.race(this.#running);
    }
    await Promise.allSettled(this.#running);
  }

  #go(least: number): void {
    while (this.#waiting.length >= least && this.#waiting.length > 0 && this.#running.size < AT_ONCE && !this.#copying.signal.aborted) {
      const some = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      const running: Promise<void> = this.#complete(some)
        .catch(this.#copying.stop)
        .finally(() => {
          this.#running.delete(running);
          this.#go(FEW);
          for (const wake of this.#wake.splice(0)) wake();
        });
      this.#running.add(running);
    }
  }

  async #complete(some: readonly Done[]): Promise<void> {
    const { journal, report, mode } = this.#copying;
    const answers = new Map<string, CompleteDocument>();
    for await (const answer of this.#calls.completeMany(some.map(({ item, md5 }) => ({ id: item.upload.id, md5 }))))
      answers.set(answer.id, answer);
    const again: Done[] = [];
    const over: string[] = [];
    const dated: Sendable[] = [];
    for (const done of some) {
      const { item, md5 } = done;
      const refused = refusalOf(answers.get(item.upload.id));
      // Its bytes are in the store: where they are not found another attempt is looking, or the store was slow.
      const maySoon = refused?.fault === 'NodeBusy' || (refused?.fault === 'PreconditionFailed' && refused.detail.includes('not arrived'));
      if (maySoon && ++done.tries < TRIES) {
        again.push(done);
        continue;
      }
      over.push(item.upload.id);
      if (refused && (await hasArrived(item.file, refused, this.#to, this.#copying)))
        report.settled('same', nameAt(this.#to, item.file.names), { size: item.file.size });
      else if (refused) failed(this.#copying, nameAt(this.#to, item.file.names), refused);
      else {
        if (mode.dates) dated.push(item);
        report.settled('copied', nameAt(this.#to, item.file.names), { size: item.file.size, md5 });
      }
    }
    await this.#date(dated);
    journal.over(over);
    this.#open -= over.length;
    if (again.length === 0) return;
    const { runtime } = this.#to.space.session.wire;
    await runtime.sleep(1000, this.#copying.signal);
    this.#waiting.push(...again);
  }

  async #date(items: readonly Sendable[]): Promise<void> {
    const waiting = items.values();
    const worker = async (): Promise<void> => {
      for (const { file } of waiting) {
        const where = [...this.#to.where, ...file.names];
        await putDate({ ...this.#to, where }, file.modified, this.#copying).catch((thrown: unknown) => {
          // A service without such a property keeps the file all the same.
          if (!(thrown instanceof VospaceError) || thrown.transient) throw thrown;
        });
      }
    };
    await Promise.all(Array.from({ length: 4 }, worker));
  }
}
