// Bounds the bodies of unknown length that one user sends at a time: a store may have to hold megabytes of each.
import { Fault } from '../../faults.ts';

/** Per user and isolate. */
const MOST = 16;
const open = new Map<string, number>();

/** Throws TooManyRequests. A body whose length is stated is not counted: it flows. */
export async function withinStreams<T>(who: string, length: number | undefined, run: () => Promise<T>): Promise<T> {
  if (length !== undefined) return run();
  const others = open.get(who) ?? 0;
  if (others >= MOST)
    throw new Fault('TooManyRequests', `${MOST} uploads without Content-Length are under way already`, { 'Retry-After': '5' });
  open.set(who, others + 1);
  try {
    return await run();
  } finally {
    const left = (open.get(who) ?? 1) - 1;
    if (left > 0) open.set(who, left);
    else open.delete(who);
  }
}
