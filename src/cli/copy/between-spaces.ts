// Trees of nodes from one VOSpace into another: containers are made there, and the bytes of each file are carried by the services.
import type { NodePlace, Copying } from './copying.ts';
import { failed } from './copying.ts';
import { copyLink } from './copy-link.ts';
import { keepDate } from './dates.ts';
import { carryFile } from './carry-file.ts';
import type { Entry, NodeFile } from './entry.ts';
import { makeFolders } from './folders.ts';
import { inTheWay } from './in-the-way.ts';
import { isSameNode } from './same.ts';
import { nodeAt } from '../nodes/look.ts';
import { batches, Line } from './slots.ts';
import { nameAt } from './there.ts';
import { workOff } from './workers.ts';

/** Jobs at a time: a service works on five of one owner. */
const AT_ONCE = 5;

export async function copyBetween(
  entries: AsyncIterable<Entry<NodeFile>>,
  from: NodePlace,
  to: NodePlace,
  copying: Copying,
): Promise<void> {
  const line = new Line<NodeFile>(AT_ONCE * 4);
  const find = async (): Promise<void> => {
    for await (const batch of batches(entries, 100)) {
      copying.signal.throwIfAborted();
      await makeFolders(
        batch.filter((entry) => entry.kind === 'folder'),
        to,
        copying,
      );
      await line.few();
      line.push(batch.filter((entry) => entry.kind === 'file'));
    }
  };
  await workOff(copying, line, AT_ONCE, find, (file) => one(file, from, { ...to, where: [...to.where, ...file.names] }, copying));
}

async function one(file: NodeFile, from: NodePlace, to: NodePlace, copying: Copying): Promise<void> {
  const { mode, report, signal } = copying;
  try {
    if (file.parent?.failed) throw file.parent.failed;
    const there = file.parent?.fresh ? undefined : await nodeAt(to, signal);
    if (there?.type === 'ContainerNode') throw inTheWay(nameAt(to), there.type, 'DataNode');
    if (there && mode.keeps) return report.settled('kept', nameAt(to));
    // Bytes for a link would go into what it leads to.
    const link = there && file.isLink && from.space === to.space ? await nodeAt({ ...from, where: file.where }, signal) : undefined;
    if (there && link) return await copyLink(link, there, to, copying);
    if (there && isSameNode(file, there, mode.same)) {
      await keepDate(to, there, file.modified, copying);
      return report.settled('same', nameAt(to), { size: file.size, md5: file.md5 });
    }
    if (!there && from.space === to.space) {
      await to.space.copy(file.where, to.where, { signal });
      report.moved(file.size ?? 0);
      if (!file.isLink) await keepDate(to, undefined, file.modified, copying);
      return report.settled('copied', nameAt(to), { size: file.size });
    }
    return await carryFile(file, { ...from, where: file.where }, to, copying);
  } catch (thrown) {
    if (!signal.aborted) failed(copying, nameAt(to), thrown);
  }
}
