// Who asks for the sign-in dialog, and for which VOSpace.
import { signal } from '@preact/signals';
import { OWN } from './spaces.ts';

/** The authority of the VOSpace whose door is open. */
export const door = signal<string | undefined>(undefined);

export function askToSignIn(authority: string = OWN): void {
  door.value = authority;
}
