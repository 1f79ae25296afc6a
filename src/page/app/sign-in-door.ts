// Who asks for the sign-in dialog, for which VOSpace, and where it leads.
import { signal } from '@preact/signals';
import { filesHref } from './place.ts';
import { navigate, route } from './router.ts';
import { home, OWN } from './spaces.ts';

/** The authority of the VOSpace whose door is open. */
export const door = signal<string | undefined>(undefined);

export function askToSignIn(authority: string = OWN): void {
  door.value = authority;
}

/** Who has signed in at the page's own address, and asked for nothing yet, comes to his own folder. */
export function leaveRoot(): void {
  const path = home.peek();
  if (path !== undefined && route.peek().screen === '') navigate(filesHref({ authority: OWN, path }), { replace: true });
}
