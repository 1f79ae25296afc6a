// MD5s of files' parts, from a few workers that are started when the first is wanted.
import { startWorker } from '../app/trusted.ts';
import { workerUrl, type Result, type Task } from './md5-worker.ts';

interface Asked {
  readonly worker: Worker;
  readonly resolve: (md5: string | undefined) => void;
  readonly reject: (reason: Error) => void;
}

const WORKERS = Math.max(1, Math.min(3, (navigator.hardwareConcurrency || 2) - 1));

const workers: (Worker | undefined)[] = [];
const waiting = new Map<number, Asked>();
let last = 0;

/** Undefined: the bytes cannot be read. Rejects where no worker can be started. */
export function md5Of(blob: Blob): Promise<string | undefined> {
  const id = ++last;
  const worker = (workers[id % WORKERS] ??= begin(id % WORKERS));
  return new Promise((resolve, reject) => {
    waiting.set(id, { worker, resolve, reject });
    worker.postMessage({ id, blob } satisfies Task);
  });
}

function begin(index: number): Worker {
  const worker = startWorker(workerUrl);
  worker.addEventListener('message', ({ data: { id, md5 } }: MessageEvent<Result>) => {
    waiting.get(id)?.resolve(md5);
    waiting.delete(id);
  });
  worker.addEventListener('error', ({ message }) => {
    workers[index] = undefined;
    for (const [id, asked] of waiting)
      if (asked.worker === worker) {
        asked.reject(new Error(message || 'A part of the page cannot be loaded.'));
        waiting.delete(id);
      }
  });
  return worker;
}
