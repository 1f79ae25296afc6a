// Who may do what with a pipe, and no more than the token with which he asks allows.
import { Fault } from '../faults.ts';
import { mayPipe, type PipeAction, type PipeDefinition, type PipeEnd } from './pipe.ts';
import { refusal } from './permission.ts';
import type { PathScope, Principal } from './principal.ts';
import { allows } from './scopes.ts';
import { parseVosUri } from './vos-uri.ts';

/**
 * Throws NotAuthenticated or PermissionDenied. A restricted token reads a pipe where it may read the destination, writes where it may read
 * the source and create at the destination, and manages where it may modify both; of ends in other VOSpaces it says nothing.
 */
export function checkPipe(definition: PipeDefinition, principal: Principal, action: PipeAction): void {
  const { access, source, destination } = definition;
  if (!mayPipe(access, principal, action)) throw refusal(principal, `the pipe's owner has not allowed you to ${action} it`);
  const scopes = principal.kind === 'user' ? principal.scopes : undefined;
  if (scopes === undefined) return;
  const needed = {
    read: [[destination.kind === 'local' ? destination : source, 'read']],
    write: [
      [source, 'read'],
      [destination, 'create'],
    ],
    manage: [
      [source, 'modify'],
      [destination, 'modify'],
    ],
  } as const;
  for (const [end, right] of needed[action])
    if (!covers(scopes, end, right)) throw refusal(principal, `the token's scopes do not cover ${end.uri}`);
}

/** Whether `checkPipe` would let it pass. */
export function allowsPipe(definition: PipeDefinition, principal: Principal, action: PipeAction): boolean {
  try {
    checkPipe(definition, principal, action);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

function covers(scopes: readonly PathScope[], end: PipeEnd, right: PathScope['action']): boolean {
  return end.kind === 'foreign' || allows(scopes, right, parseVosUri(end.uri).path);
}
