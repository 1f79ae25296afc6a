// Copies inside one VOSpace: the service makes them, by one job for a whole tree where nothing is in its way, and no bytes are moved.
import { valueIn } from '../../model/node.ts';
import { hasBytes, type NodeDocument } from '../../model/node.ts';
import { LENGTH } from '../../model/property.ts';
import { nameOf as lastName } from '../nodes/facts.ts';
import { keepDate } from './dates.ts';
import { carryFile } from './carry-file.ts';
import { copyLink } from './copy-link.ts';
import type { NodeFile } from './entry.ts';
import { failed, walkFor, type Copying, type NodePlace } from './copying.ts';
import { inTheWay } from './in-the-way.ts';
import { isSameNode } from './same.ts';
import { nodeAt } from '../nodes/look.ts';
import { nameAt } from './there.ts';
import { nodeFile } from './node-file.ts';
import { walkNodes } from './walk-nodes.ts';

/** Jobs at a time: a service works on five of one owner. */
const AT_ONCE = 4;
/** Nodes that wait for their turn; whoever finds more does them himself. */
const MOST_WAITING = 100;

interface Step {
  readonly from: NodePlace;
  readonly node: NodeDocument;
  readonly to: NodePlace;
}

/** `node`: what is at `from`. Where both ends have a container of one name, its children are gone through. */
export async function copyWithin(from: NodePlace, node: NodeDocument, to: NodePlace, copying: Copying): Promise<void> {
  const waiting: Step[] = [{ from, node, to }];
  const idle: (() => void)[] = [];
  let active = 0;
  const wake = (): void => {
    for (const resolve of idle.splice(0)) resolve();
  };
  const later = async (step: Step): Promise<void> => {
    if (waiting.length >= MOST_WAITING) return copyStep(step, later, copying);
    waiting.push(step);
    return wake();
  };
  const worker = async (): Promise<void> => {
    for (;;) {
      const step = waiting.pop();
      if (step) {
        active += 1;
        await copyStep(step, later, copying).finally(() => (active -= 1));
        wake();
      } else if (active === 0) return;
      else await new Promise<void>((resolve) => idle.push(resolve));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker().finally(wake)));
}

async function copyStep({ from, node, to }: Step, later: (step: Step) => Promise<void>, copying: Copying): Promise<void> {
  const { signal, report, mode } = copying;
  const name = nameAt(to);
  signal.throwIfAborted();
  try {
    const there = await nodeAt(to, signal);
    if (there === undefined) {
      const size = Number(valueIn(node, LENGTH) ?? 0);
      await to.space.copy(from.where, to.where, { signal });
      report.moved(size);
      if (node.type !== 'ContainerNode') return await settle(nodeFile(node, from.where), to, copying);
      // Copies have dates of their own.
      const origin = mode.dates ? from : to;
      for await (const entry of walkNodes(origin.space, origin.where, walkFor(copying)))
        if (entry.kind === 'folder') report.settled('made', nameAt(to, entry.names));
        else await settle(entry, to, copying);
      return undefined;
    }
    if ((node.type === 'ContainerNode') !== (there.type === 'ContainerNode')) throw inTheWay(name, there.type, node.type);
    if (mode.keeps && node.type !== 'ContainerNode') return report.settled('kept', name);
    if (hasBytes(node.type)) {
      const file = nodeFile(node, from.where);
      if (isSameNode(file, there, mode.same)) {
        await keepDate(to, there, file.modified, copying);
        return report.settled('same', name, { size: file.size, md5: file.md5 });
      }
      return await carryFile(file, from, to, copying);
    }
    if (node.type !== 'ContainerNode') return await copyLink(node, there, to, copying);
    for await (const child of from.space.nodes.children(from.where, { detail: 'properties', signal })) {
      const last = lastName(child);
      await later({ from: { ...from, where: [...from.where, last] }, node: child, to: { ...to, where: [...to.where, last] } });
    }
    return undefined;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return failed(copying, name, thrown);
  }
}

/** The service has made the copy. */
async function settle({ names, modified, isLink, size, md5 }: NodeFile, to: NodePlace, copying: Copying): Promise<void> {
  const name = nameAt(to, names);
  try {
    if (!isLink) await keepDate({ ...to, where: [...to.where, ...names] }, undefined, modified, copying);
    copying.report.settled('copied', name, { size, md5 });
  } catch (thrown) {
    if (copying.signal.aborted) throw thrown;
    failed(copying, name, thrown);
  }
}
