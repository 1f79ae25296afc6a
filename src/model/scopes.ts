// What the path scopes of a token allow: WLCG Common JWT Profiles 1.1, section "Capability-based Authorization: scope".
import type { PathScope } from './principal.ts';

/** What a request is about to do at a path: read it, make something where nothing was, or anything else that changes it. */
export type ScopedAction = PathScope['action'];

/**
 * Whether a token lets its user do this at the path (decoded segments). Scopes restrict and never grant, so the user's own rights are
 * to be asked as well; undefined scopes restrict nothing, an empty list allows nothing.
 */
export function allows(scopes: readonly PathScope[] | undefined, action: ScopedAction, path: readonly string[]): boolean {
  return scopes === undefined || scopes.some((scope) => includes(scope.action, action) && covers(scope.path, path));
}

// "storage.modify ... is a strict superset of storage.create"; neither lets anybody read.
function includes(granted: ScopedAction, asked: ScopedAction): boolean {
  return granted === asked || (granted === 'modify' && asked === 'create');
}

// By whole segments: /foo covers /foo/bar, and not /foobar.
function covers(granted: readonly string[], asked: readonly string[]): boolean {
  return granted.length <= asked.length && granted.every((segment, i) => segment === asked[i]);
}
