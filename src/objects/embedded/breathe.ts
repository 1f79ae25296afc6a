// Lets the runtime look at its sockets. On one machine bucket and objects are in the same event loop, which does that only when nothing is
// left to do: long work that waits for nothing else would keep everybody out, and stop the clock.

/** Calls of the bucket between two pauses. */
const CALLS = 16;
let calls = 0;

/** A pause at every few calls, and then of whoever calls: all who are at it come to rest, and nobody goes on before the sockets were looked at. */
export async function breathe(): Promise<void> {
  if (++calls % CALLS === 0) await scheduler.wait(1);
}
