// Digests bytes beside the page, which stays smooth: a Blob comes, its MD5 goes back. The page imports what its workers run: one file for both.
import { Md5 } from '../../model/md5.ts';

export interface Task {
  readonly id: number;
  readonly blob: Blob;
}
/** `md5` is undefined where the bytes cannot be read: the file has changed, or is gone. */
export interface Result {
  readonly id: number;
  readonly md5: string | undefined;
}

/** Of the built file that holds this and MD5, and nothing else: see `scripts/build-page.mjs`. */
export const workerUrl = import.meta.url;

/** What a worker is to itself, of which the page's types know nothing. */
interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent<Task>) => void): void;
  postMessage(result: Result): void;
}

if (!('document' in globalThis)) {
  const scope = globalThis as unknown as Scope;
  scope.addEventListener('message', ({ data: { id, blob } }) => {
    void digest(blob).then(
      (md5) => scope.postMessage({ id, md5 }),
      () => scope.postMessage({ id, md5: undefined }),
    );
  });
}

async function digest(blob: Blob): Promise<string> {
  const md5 = new Md5();
  const reader = blob.stream().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) md5.update(part.value);
  return md5.hex();
}
