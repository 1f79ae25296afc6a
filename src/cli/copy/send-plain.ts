// One file into another kind of VOSpace: negotiated by itself, as the standard has it.
import type { Copying, NodePlace } from './copying.ts';
import { keepDate } from './dates.ts';
import type { LocalFile } from './entry.ts';
import { Changed, isUnchanged, readRange } from './local-bytes.ts';
import { mediaTypeOf } from './media-type.ts';
import { streamOf, withHandle } from './send.ts';
import { nameAt } from './there.ts';

export async function sendPlain(file: LocalFile, to: NodePlace, copying: Copying): Promise<void> {
  const { report, signal } = copying;
  const where = [...to.where, ...file.names];
  const type = mediaTypeOf(file.path);
  const { size, md5 } = await withHandle(file, (handle) =>
    report.counting(async (count) => {
      const source = () => streamOf(readRange(handle, file.path, { start: 0, end: file.size, reuses: false }));
      const sent = await to.space.upload(where, source, { length: file.size, type, signal, progress: ({ bytes }) => count(bytes) });
      if (!(await isUnchanged(handle, file))) throw new Changed(file.path);
      return sent;
    }),
  );
  await keepDate({ ...to, where }, undefined, file.modified, copying);
  report.settled('copied', nameAt(to, file.names), { size, md5 });
}
