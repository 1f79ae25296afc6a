// The date of a file's contents, kept as a property where that was asked for.
import { utimesSync } from 'node:fs';
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { readTime } from '../nodes/facts.ts';
import type { Copying, NodePlace } from './copying.ts';

/** The standard's own, which whoever writes the node may set. */
export const CONTENT_DATE = 'ivo://ivoa.net/vospace/core#content-date';

/** `modified`: epoch milliseconds. */
export function dateProperty(modified: number): Readonly<Record<string, string>> {
  return { [CONTENT_DATE]: new Date(modified).toISOString() };
}

/** Of a node whose bytes are there already, which is asked for where `known` is not it. Nothing where dates do not go along. */
export async function keepDate(
  { space, where }: NodePlace,
  known: NodeDocument | undefined,
  modified: number | undefined,
  { mode, signal }: Pick<Copying, 'mode' | 'signal'>,
): Promise<void> {
  if (!mode.dates || modified === undefined) return;
  const node = known ?? (await space.nodes.get(where, { limit: 0, detail: 'properties', signal })).node;
  if (readTime(valueIn(node, CONTENT_DATE)) !== Math.trunc(modified)) await putDate({ space, where }, modified, { mode, signal });
}

/** Of a node whose bytes have just come. Nothing where dates do not go along. */
export async function putDate(
  { space, where }: NodePlace,
  modified: number,
  { mode, signal }: Pick<Copying, 'mode' | 'signal'>,
): Promise<void> {
  if (mode.dates) await space.nodes.set(where, { properties: dateProperty(modified), type: 'DataNode' }, { signal, detail: 'min' });
}

/** Of a file of this computer. */
export function setDate(path: string, modified: number | undefined): void {
  if (modified === undefined) return;
  // A number below zero, of before 1970, would mean today.
  const date = new Date(modified);
  utimesSync(path, date, date);
}
