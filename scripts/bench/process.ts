// What a process uses, read from /proc: CPU time of its threads, memory, bytes read and written.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** CPU time in microseconds, all threads that live. */
export function cpuOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(read(`/proc/${pid}/task/${task}/schedstat`).split(' ')[0]) / 1000,
    0,
  );
}

/** Resident memory in bytes. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Bytes that have gone through read and write calls, on files and sockets alike. */
export function trafficOf(pid: number): number {
  const text = read(`/proc/${pid}/io`);
  return Number(/rchar: (\d+)/.exec(text)?.[1] ?? 0) + Number(/wchar: (\d+)/.exec(text)?.[1] ?? 0);
}

/** The highest resident memory while the work runs, in bytes above what it was before. */
export async function growthOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = memoryOf(pid);
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, memoryOf(pid))), 50);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(highest, memoryOf(pid)) - before;
}

export const isMeasurable = existsSync('/proc/self/schedstat');

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
