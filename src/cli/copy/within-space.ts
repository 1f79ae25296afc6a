// Copies inside one VOSpace: the service makes them, by one job for a whole tree where nothing is in its way, and no bytes are moved.
import type { Copying, Spot } from './copying.ts';
import { failed } from './copying.ts';
import { carryFile } from './carry-file.ts';
import type { NodeFile } from './entry.ts';
import { isThere, kindAt } from './node-there.ts';
import { nodeFile } from './walk-nodes.ts';
import { nameOf as lastName } from '../nodes/facts.ts';
import { nameOf } from './there.ts';
import type { NodeDocument } from '../../model/node.ts';
import { hasBytes } from '../../model/node.ts';
import { valueOf } from '../../client/upload.ts';
import { LENGTH } from '../../model/property.ts';

/** Jobs at a time. */
const AT_ONCE = 4;

/** `node`: what is at `from`. Where both have a container of one name, its children are gone through. */
export async function copyWithin(from: Spot, node: NodeDocument, to: Spot, copying: Copying): Promise<void> {
  const { signal, report, mode } = copying;
  signal.throwIfAborted();
  try {
    const there = await kindAt(to, signal);
    if (there === undefined) {
      const size = Number(valueOf(node, LENGTH) ?? 0);
      await to.space.copy(from.where, to.where, { signal });
      report.moved(size);
      return report.settled('copied', nameOf(to, { names: [] }), { size });
    }
    if (hasBytes(node.type)) {
      const file: NodeFile = nodeFile(node, from.where, [], undefined);
      if (mode.keeps) return report.settled('kept', nameOf(to, file));
      if (isThere(file, there, mode.same)) return report.settled('same', nameOf(to, file));
      return await carryFile(file, from, to, copying);
    }
    if (node.type !== 'ContainerNode') return report.settled('kept', nameOf(to, { names: [] }));
    const children = from.space.nodes.children(from.where, { detail: 'properties', signal });
    const worker = async (): Promise<void> => {
      for (let next = await children.next(); !next.done; next = await children.next()) {
        const name = lastName(next.value);
        await copyWithin({ ...from, where: [...from.where, name] }, next.value, { ...to, where: [...to.where, name] }, copying);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    failed(copying, nameOf(to, { names: [] }), thrown);
  }
}
