// The line of a node in a long listing.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { CREATOR } from '../../model/property.ts';
import { shown } from '../terminal.ts';
import { bytesText, localTime } from './amounts.ts';
import { accessOf, dateOf, sizeOf } from './facts.ts';

/** The column of sizes. */
export const LONG_RIGHT = [2];

/** Access, owner, size and date. */
export function longCells(node: NodeDocument, bytes: boolean): readonly string[] {
  return [accessOf(node), shown(valueIn(node, CREATOR) ?? '-'), bytesText(sizeOf(node), bytes), localTime(dateOf(node))];
}

/** What follows the name. */
export function arrow({ target, busy }: NodeDocument): string {
  return `${target === undefined ? '' : ` -> ${shown(target)}`}${busy ? ' (being written)' : ''}`;
}

export function painted(name: string, node: NodeDocument | undefined, colour: boolean): string {
  const code = node?.type === 'ContainerNode' ? '1;34' : node?.type === 'LinkNode' ? '36' : undefined;
  return colour && code !== undefined ? `\u001b[${code}m${name}\u001b[0m` : name;
}
