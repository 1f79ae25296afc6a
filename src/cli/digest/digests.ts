// MD5s of ranges of files, made by a thread of their own: four at a time take little more than one.
import { Worker } from 'node:worker_threads';
import type { Answer, Asked } from './asked.ts';

interface Waiting {
  readonly resolve: (md5: string | undefined) => void;
  readonly reject: (thrown: unknown) => void;
}

export class Digests {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Hexadecimal; undefined where the file is shorter. The file stays open until then. `end`: the byte after the last. */
  md5(fd: number, start: number, end: number): Promise<string | undefined> {
    const asked: Asked = { id: this.#next++, fd, start, end };
    return new Promise((resolve, reject) => {
      this.#waiting.set(asked.id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage(asked, []);
    });
  }

  /** What is waited for is not answered any more. */
  close(): void {
    void this.#worker?.terminate();
    this.#end(new Error('the digests are closed'));
  }

  #start(): Worker {
    // Beside the program, as build-cli.mjs writes it.
    const worker = new Worker(new URL('./digest-worker.js', import.meta.url));
    worker.on('message', (answer: Answer) => {
      const { resolve, reject } = this.#waiting.get(answer.id) ?? {};
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('error' in answer) reject?.(Object.assign(new Error(answer.error.message), answer.error));
      else resolve?.(answer.md5);
    });
    worker.on('error', (thrown) => this.#end(thrown));
    return worker;
  }

  #end(thrown: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(thrown);
    this.#waiting.clear();
    this.#worker = undefined;
  }
}
