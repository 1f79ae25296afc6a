// Files become nodes of the source container, and then chunks of the pipe.
import { VospaceError } from '../../client/error.ts';
import { RUNTIME } from '../../client/runtime.ts';
import type { Source } from '../pipe/source.ts';
import { put } from './put.ts';
import type { Output } from './task.ts';

/** The bytes under the name may be those of somebody who was killed, or on their way from him: they are sent again. */
const TRIES = 4;
const OTHER_BYTES = ['ChunkMismatch', 'ChunkNotFound', 'NodeBusy', 'PreconditionFailed'];

/**
 * `write`: has the pipe take them, with their sizes and checksums. Where the pipe has other bytes under one of the names, and its source is in the
 * same service, that is refused (ChunkNameInUse) before a node is replaced.
 */
export async function bring<T>(source: Source, files: readonly Output[], write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      // What stands there may be in the pipe. It is replaced when the pipe has looked at it, and has said that it is not.
      const keep = source.isOwn && tries === 1;
      if (files.length > 0) await put(source, files, signal, { keep });
      return await write();
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || !OTHER_BYTES.includes(thrown.fault)) throw thrown;
      if (files.length === 0 || tries >= TRIES) throw thrown;
      await RUNTIME.sleep(RUNTIME.random() * 250 * 2 ** tries, signal);
    }
  }
}
