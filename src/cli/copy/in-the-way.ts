// A container where none was to be, or something else where one was to be: neither is ever replaced.
import type { NodeType } from '../../model/node.ts';
import { EXIT } from '../exit.ts';
import { typeWord } from '../nodes/facts.ts';
import { Trouble } from '../trouble.ts';

export function inTheWay(name: string, there: NodeType, wanted: NodeType): Trouble {
  return new Trouble(`${name} is a ${typeWord({ type: there })}, and was to be a ${typeWord({ type: wanted })}`, { exit: EXIT.conflict });
}
