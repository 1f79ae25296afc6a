// Who asks, for resources that are not for everybody.
import { challenges } from '../auth/authenticate.ts';
import type { Actor } from '../auth/directory-port.ts';
import type { Config } from '../config.ts';
import { Fault } from '../faults.ts';
import type { Principal } from '../model/principal.ts';

type User = Extract<Principal, { readonly kind: 'user' }>;

/** Throws NotAuthenticated, with challenges, for the anonymous. */
export function requireUser(principal: Principal, config: Config): User {
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', 'for users only', challenges(config));
  return principal;
}

/**
 * A user who may manage passwords and groups. A token that is restricted to paths may not: with a password of its own making it would be
 * rid of the restriction.
 */
export function requireActor(principal: Principal, config: Config): Actor {
  const user = requireUser(principal, config);
  if (user.scopes) throw new Fault('PermissionDenied', 'the token is restricted to paths by its storage scopes');
  return { user: user.id, admin: user.admin };
}

export function requireAdmin(principal: Principal, config: Config): Actor {
  const actor = requireActor(principal, config);
  if (!actor.admin) throw new Fault('PermissionDenied', 'for administrators only');
  return actor;
}
