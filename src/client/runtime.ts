// What the client needs of the world: time, patience, chance and fetch. Tests put their own in its place.

export interface Runtime {
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** A page or a worker of a browser: fetch hides redirects there, and takes no streams as bodies from many. */
  readonly browser: boolean;
  /** Node's own fetch, which would keep a copy of a body that is a stream, in case that it is redirected. */
  readonly node: boolean;
  /** Made anew for each run of bytes; absent: the one of `model/md5.ts`. In Node its own, `createHash('md5')`, is faster. */
  readonly md5?: () => Digest;
}

export interface Digest {
  readonly update: (bytes: Uint8Array) => unknown;
  /** 32 hexadecimal digits, once. */
  readonly hex: () => string;
}

const BROWSER = 'document' in globalThis || 'importScripts' in globalThis;

export const RUNTIME: Runtime = {
  fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
  now: () => Date.now(),
  sleep,
  random: () => Math.random(),
  browser: BROWSER,
  // Workers may have a `process`, too.
  node: 'process' in globalThis && !BROWSER && !('WebSocketPair' in globalThis),
};

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
