// Who may do what with one node: the access list and the only code that evaluates it.
import { Fault } from '../faults.ts';
import { parseGroupUri, type GroupUri, type Principal } from './principal.ts';

/** The permissions of one node. Reading a path needs `read` on it and on every container above. */
export interface Access {
  readonly owner: string;
  readonly isPublic: boolean;
  /** Children made below take the parent's public flag and groups (OpenCADC's inheritPermissions). */
  readonly inherit: boolean;
  readonly groupRead: readonly GroupUri[];
  readonly groupWrite: readonly GroupUri[];
}

export type Action = 'read' | 'write' | 'own';

/** Evaluates one node's list. Administrators may everything; who may write may read; `own` is the owner's alone. */
export function allows(access: Access, principal: Principal, action: Action): boolean {
  if (principal.kind === 'anonymous') return action === 'read' && access.isPublic;
  if (principal.admin || principal.id === access.owner) return true;
  if (action === 'own') return false;
  if (principal.groups.some((group) => access.groupWrite.includes(group))) return true;
  return action === 'read' && (access.isPublic || principal.groups.some((group) => access.groupRead.includes(group)));
}

/** The refusal of a right: anonymous clients are asked who they are, others are told no. Both name only what the client asked for. */
export function refusal(principal: Principal, what: string): Fault {
  return new Fault(principal.kind === 'anonymous' ? 'NotAuthenticated' : 'PermissionDenied', what);
}

/** Groups in the comma form of the standard or the space form of OpenCADC, each once, in the order sent. Throws InvalidArgument. */
export function parseGroups(uri: string, value: string): readonly GroupUri[] {
  const groups = new Set<GroupUri>();
  for (const word of value.split(/[\s,]+/)) {
    if (word === '') continue;
    const group = parseGroupUri(word);
    if (!group)
      throw new Fault(
        'InvalidArgument',
        `property ${uri}: ${JSON.stringify(word.slice(0, 200))} is not a group such as ivo://example.org/gms?name`,
      );
    groups.add(group);
  }
  return [...groups];
}
