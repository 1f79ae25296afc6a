// Files of this computer into another kind of VOSpace: one negotiation for each file, as the standard has it.
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { failed, type Copying, type NodePlace } from './copying.ts';
import { keepDate } from './dates.ts';
import type { Entry, LocalFile } from './entry.ts';
import { makeFolders } from './folders.ts';
import { Changed, isUnchanged, readRange } from './local-bytes.ts';
import { mediaTypeOf } from './media-type.ts';
import { batches } from './slots.ts';
import { nameAt, withoutSame } from './there.ts';

export async function uploadElsewhere(entries: AsyncIterable<Entry<LocalFile>>, to: NodePlace, copying: Copying): Promise<void> {
  for await (const batch of batches(entries, 50)) {
    copying.signal.throwIfAborted();
    await makeFolders(
      batch.filter((entry) => entry.kind === 'folder'),
      to,
      copying,
    );
    const files = batch.filter((entry) => entry.kind === 'file');
    for (const file of files) if (file.parent?.failed) failed(copying, nameAt(to, file.names), file.parent.failed);
    const able = files.filter(({ parent }) => parent?.failed === undefined);
    const waiting = (await withoutSame(able, to, copying)).values();
    const worker = async (): Promise<void> => {
      for (const file of waiting) if (!copying.signal.aborted) await one(file, to, copying);
    };
    await Promise.all(Array.from({ length: copying.parallel }, worker));
  }
  copying.signal.throwIfAborted();
}

async function one(file: LocalFile, to: NodePlace, copying: Copying): Promise<void> {
  const { report, signal } = copying;
  const name = nameAt(to, file.names);
  const where = [...to.where, ...file.names];
  let moved = 0;
  try {
    const handle = await open(file.path);
    try {
      const source = (): ReadableStream<Uint8Array> =>
        Readable.toWeb(
          Readable.from(readRange(handle, file.path, { start: 0, end: file.size, reuses: false })),
        ) as ReadableStream<Uint8Array>;
      const { size, md5 } = await to.space.upload(where, source, {
        length: file.size,
        type: mediaTypeOf(file.path),
        signal,
        progress: ({ bytes }) => {
          report.moved(bytes - moved);
          moved = bytes;
        },
      });
      if (!(await isUnchanged(handle, file))) throw new Changed(file.path);
      await keepDate({ ...to, where }, undefined, file.modified, copying);
      report.settled('copied', name, { size, md5 });
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    report.moved(-moved);
    failed(copying, name, thrown);
  }
}
