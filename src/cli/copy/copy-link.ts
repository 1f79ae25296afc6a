// A link inside one VOSpace whose place at the destination is taken.
import type { NodeDocument } from '../../model/node.ts';
import { Trouble } from '../trouble.ts';
import type { Copying, Spot } from './copying.ts';
import { inTheWay } from './node-there.ts';
import { nameOf } from './there.ts';

/** The link that is there leads to where `node` leads from then on. Throws Trouble for anything else that is there: it stays. */
export async function copyLink({ type, target }: NodeDocument, there: NodeDocument, to: Spot, { signal, report }: Copying): Promise<void> {
  const name = nameOf(to, { names: [] });
  if (there.type !== type) throw inTheWay(name, there.type, type);
  if (there.target === target) return report.settled('same', name);
  const changed = await to.space.nodes.set(to.where, { target }, { signal, detail: 'properties' });
  if (changed.target !== target) throw new Trouble(`${name} leads where it led: this VOSpace does not change links`);
  return report.settled('copied', name);
}
