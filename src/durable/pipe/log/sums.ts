// Running sums of the log: what lies between two positions costs two looks, however much that is.
import { first } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as q from '../queries.ts';

/** The bytes of all entries up to this one, also where it was the last to be trimmed. */
export function sumAt(core: Core, pos: number): number {
  return entrySums(core, pos).sum;
}

export function entrySums(core: Core, pos: number): { readonly sum: number; readonly text: number } {
  if (pos === 0) return { sum: 0, text: 0 };
  return first(core.sql, q.ENTRY, pos) ?? { sum: 0, text: 0 };
}
