// MD5s of files' parts, from a few workers that are started when the first is wanted.
import { startWorker } from '../app/trusted.ts';
import type { Result, Task } from './md5-worker.ts';
import url from './md5-worker.ts?worker&url';

const WORKERS = Math.max(1, Math.min(3, (navigator.hardwareConcurrency || 2) - 1));

const workers: Worker[] = [];
const waiting = new Map<number, (md5: string | undefined) => void>();
let last = 0;

/** Undefined: the bytes cannot be read. */
export function md5Of(blob: Blob): Promise<string | undefined> {
  const id = ++last;
  const worker = workers[id % WORKERS] ?? begin(id % WORKERS);
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker.postMessage({ id, blob } satisfies Task);
  });
}

function begin(index: number): Worker {
  const worker = startWorker(url);
  worker.addEventListener('message', ({ data: { id, md5 } }: MessageEvent<Result>) => {
    waiting.get(id)?.(md5);
    waiting.delete(id);
  });
  workers[index] = worker;
  return worker;
}
