// Which keys in the store rows refer to, those of ranges included, and what becomes of the others.
import { rangeBounds } from '../../../model/key-range.ts';
import { first, run } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as parts from './parts-queries.ts';
import * as q from '../queries.ts';

/** Whether some row refers to the key, or to a range that it is part of. */
export function isKnown(core: Core, key: string): boolean {
  if (first(core.sql, q.KEY_KNOWN, key)) return true;
  const bounds = rangeBounds(key);
  return bounds !== undefined && first(core.sql, parts.RANGE_KNOWN, bounds.from, bounds.before) !== undefined;
}

export function unknownKeys(core: Core, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !isKnown(core, key));
}

/** Dooms those that still no row knows, and answers them. */
export function discardUnknown(core: Core, keys: readonly string[]): readonly string[] {
  const found = unknownKeys(core, keys);
  for (const key of found) run(core.sql, q.ADD_LEFTOVER, key, core.clock(), null);
  return found;
}

/** They are gone from the store; those that may come back get a second look. */
export function noteSwept(core: Core, keys: readonly string[]): void {
  for (const key of keys) if (run(core.sql, q.REPEAT_LEFTOVER, key) === 0) run(core.sql, q.DROP_LEFTOVER, key);
}
