// The scope claim of a token -> path scopes: WLCG Common JWT Profiles 1.1.
import { Fault } from '../faults.ts';
import type { PathScope } from '../model/principal.ts';
import { parsePath } from '../model/vos-uri.ts';

/**
 * Undefined for a token without storage scopes, which restricts nothing. A token with any is restricted to what they allow: one that we do
 * not know, such as storage.stage, allows nothing here. Throws NotAuthenticated for a bad path: guessing what it meant could widen it.
 */
export function scopesOfToken(claim: unknown): PathScope[] | undefined {
  if (claim === undefined) return undefined;
  if (typeof claim !== 'string') throw new Fault('NotAuthenticated', 'the scope claim is not a text');
  const words = claim.split(' ').filter((word) => word.startsWith('storage.'));
  return words.length === 0 ? undefined : words.flatMap(parseScope);
}

function parseScope(word: string): PathScope[] {
  const [, action, path] = /^storage\.([^:]*)(?::(.*))?$/s.exec(word) ?? [];
  if (action !== 'read' && action !== 'create' && action !== 'modify') return [];
  // "the $PATH ... MUST be specified and MUST begin with /".
  if (!path?.startsWith('/')) throw new Fault('NotAuthenticated', `scope ${word.slice(0, 200)} has no path`);
  try {
    return [{ action, path: parsePath(path) }];
  } catch {
    throw new Fault('NotAuthenticated', `scope ${word.slice(0, 200)} has a bad path`);
  }
}
