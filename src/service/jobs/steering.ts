// What a restricted token may do to its user's jobs: run, abort, change and forget those that it could have made itself.
import { Fault } from '../../faults.ts';
import type { Job, JobRequest } from '../../model/job.ts';
import type { Principal } from '../../model/principal.ts';
import { allows, type ScopedAction } from '../../model/scopes.ts';
import { parseVosUri, type NodePath } from '../../model/vos-uri.ts';

/** A job runs with the rights of whoever made it, so telling it to run takes them. Throws PermissionDenied. */
export function checkSteering({ id, request }: Job, principal: Principal): void {
  if (principal.kind !== 'user' || principal.scopes === undefined) return;
  const { scopes } = principal;
  const covered = needs(request).every(([action, uri]) => {
    const path = pathOf(uri);
    // What is no name of a node reaches none.
    return path === undefined || allows(scopes, action, path);
  });
  if (!covered) throw new Fault('PermissionDenied', `job ${id}: the token's scopes do not cover what it does`);
}

function needs(request: JobRequest): readonly (readonly [ScopedAction, string])[] {
  if (request.kind === 'transfer') {
    const { targets, direction, keepBytes } = request.transfer;
    const each = (action: ScopedAction) => targets.map((target) => [action, target] as const);
    if (direction === 'pullFromVoSpace' || direction === 'pushFromVoSpace') return each('read');
    if (direction === 'pushToVoSpace' || direction === 'pullToVoSpace') return each('create');
    return [...each(keepBytes === true ? 'read' : 'modify'), ['create', direction]];
  }
  return [[request.kind === 'size' ? 'read' : 'modify', request.target]];
}

function pathOf(uri: string): NodePath | undefined {
  try {
    return parseVosUri(uri).path;
  } catch {
    return undefined;
  }
}
