// A link inside one VOSpace whose place at the destination is taken.
import type { NodeDocument } from '../../model/node.ts';
import { Trouble } from '../trouble.ts';
import type { Copying, NodePlace } from './copying.ts';
import { inTheWay } from './in-the-way.ts';
import { nameAt } from './there.ts';

/** The link that is there leads to where `node` leads from then on. Throws Trouble for anything else that is there: it stays. */
export async function copyLink(
  { type, target }: NodeDocument,
  there: NodeDocument,
  to: NodePlace,
  { signal, report }: Copying,
): Promise<void> {
  const name = nameAt(to);
  if (there.type !== type) throw inTheWay(name, there.type, type);
  if (there.target === target) return report.settled('same', name);
  const changed = await to.space.nodes.set(to.where, { target }, { signal, detail: 'properties' });
  if (changed.target !== target) throw new Trouble(`${name} leads where it led: this VOSpace does not change links`);
  return report.settled('copied', name);
}
