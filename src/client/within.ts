// Bounds how long something may take, in real time: a connection that is silent is given up, so that another can be made.

/** Milliseconds without a byte after which a download is resumed. */
export const STALL = 60_000;

/** The promise, or a TimeoutError after so many milliseconds; `late` is told then, to end what nobody waits for any more. */
export function within<T>(promise: Promise<T>, milliseconds: number, late: (reason: DOMException) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const reason = new DOMException('nothing came in time', 'TimeoutError');
      late(reason);
      reject(reason);
    }, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
