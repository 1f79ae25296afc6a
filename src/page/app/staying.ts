// Signing out, unless something speaks against it: what is under way, or not saved.
import { loadNext } from './late.ts';
import { showTrouble } from './trouble.ts';
import { signOut } from './spaces.ts';

/** A sentence, or undefined where nothing is lost or stopped. */
type Reason = (authority: string) => string | undefined;

const reasons: Reason[] = [];

/** Asked whenever a user of a VOSpace is about to sign out there. */
export function onSigningOut(reason: Reason): void {
  reasons.push(reason);
}

/** Asks first where there is a reason to stay. */
export function askToSignOut(authority: string): void {
  const against = reasons.flatMap((reason) => reason(authority) ?? []);
  if (against.length === 0) signOut(authority);
  else
    loadNext().then(
      ({ confirmSignOut }) => confirmSignOut(authority, against),
      (thrown: unknown) => showTrouble('Sign out', thrown),
    );
}
