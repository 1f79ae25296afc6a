// The thread that digests ranges of files, beside the one with the connections.
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Md5Lanes, type Stream } from './md5-lanes.ts';
import type { Answer, Asked } from './asked.ts';

const waiting: Asked[] = [];
const lanes = makeLanes();
let runs = false;

parentPort?.on('message', (asked: Asked) => {
  waiting.push(asked);
  if (!runs) setImmediate(work);
  runs = true;
});

/** A little at a time: more may have been asked for meanwhile. */
function work(): void {
  for (let next = waiting[0]; next && begin(streamOf(next)); next = waiting[0]) waiting.shift();
  for (let i = 0; i < 8; i++) lanes?.step();
  runs = waiting.length > 0 || lanes?.isIdle === false;
  if (runs) setImmediate(work);
}

function begin(stream: Stream): boolean {
  if (lanes) return lanes.begin(stream);
  try {
    const md5 = createHash('md5');
    const block = Buffer.allocUnsafe(256 * 1024);
    for (let length = stream.read(block); length > 0; length = stream.read(block)) md5.update(block.subarray(0, length));
    stream.over(md5.digest('hex'));
  } catch (thrown) {
    stream.over(undefined, thrown);
  }
  return true;
}

function streamOf({ id, fd, start, end }: Asked): Stream {
  let at = start;
  let isShort = false;
  return {
    read: (into) => {
      const length = readSync(fd, into, 0, Math.min(into.byteLength, end - at), at);
      isShort = length === 0 && at < end;
      at += length;
      return length;
    },
    over: (md5, thrown) => {
      if (md5 !== undefined) return tell({ id, md5: isShort ? undefined : md5 });
      const { message, code, syscall } = thrown as NodeJS.ErrnoException;
      return tell({ id, error: { message, ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) } });
    },
  };
}

function tell(answer: Answer): void {
  parentPort?.postMessage(answer, []);
}

/** Undefined on a processor without vectors. */
function makeLanes(): Md5Lanes | undefined {
  try {
    return new Md5Lanes();
  } catch {
    return undefined;
  }
}
