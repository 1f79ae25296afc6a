// What all downloads have: what they are given, and that they are tried again with what the node is by then.
import type { FileHandle } from 'node:fs/promises';
import { asVospaceError, VospaceError } from '../../client/error.ts';
import { waitFor } from '../../client/retry.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { DownloadDocument } from '../../model/uploads.ts';
import type { Copying } from './copying.ts';
import type { NodeFile } from './entry.ts';
import { asRefusal } from './local-bytes.ts';
import type { Staging } from './staging.ts';

export interface Fetchable {
  readonly file: NodeFile;
  readonly found: DownloadDocument;
  readonly path: string;
}

export interface Fetching {
  readonly space: Vospace;
  readonly staging: Staging;
  readonly copying: Copying;
  /** Finds the node once more: URLs end after a while, and nodes change. */
  readonly again: () => Promise<DownloadDocument>;
}

export interface Fetched {
  readonly size: number;
  readonly md5: string | undefined;
}

/** A disk that is nearly full takes a part of what it is given. */
export async function writeAll(handle: FileHandle, block: Uint8Array, place: number): Promise<void> {
  for (let at = 0; at < block.byteLength;) at += (await handle.write(block, at, block.byteLength - at, place + at)).bytesWritten;
}

/** Does it again, with what the node is by then, where that may help. */
export async function repeat<T>(found: DownloadDocument, fetching: Fetching, once: (found: DownloadDocument) => Promise<T>): Promise<T> {
  let current = found;
  return insist(
    () => once(current),
    { space: fetching.space, signal: fetching.copying.signal },
    true,
    async () => (current = await fetching.again()),
  );
}

/** `whole`: other bytes than were meant may be the right ones the next time. `before` the next time; `isOver`: the URL may be. */
export async function insist<T>(
  once: () => Promise<T>,
  { space, signal }: Pick<Fetching, 'space'> & Pick<Copying, 'signal'>,
  whole: boolean,
  before: (isOver: boolean) => Promise<unknown>,
): Promise<T> {
  const { policy, runtime } = space.session.wire;
  for (let tries = 1; ; tries++) {
    try {
      return await once();
    } catch (thrown) {
      const error = asVospaceError(thrown, 'download', signal);
      if (!(error instanceof VospaceError) || tries >= policy.tries) throw error;
      const isOver = error.status !== undefined && [401, 403, 404].includes(error.status);
      if (!error.transient && !isOver && !(whole && error.fault === 'Corrupted')) throw error;
      await waitFor(error, tries, policy, runtime, signal);
      await before(isOver);
    }
  }
}

/** So that what the disk refuses is not taken for a broken connection. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asRefusal(thrown);
  }
}
