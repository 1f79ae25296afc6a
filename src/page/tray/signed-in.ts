// Waits for a user where there is none: files that were let fall are not lost for it.
import { effect } from '@preact/signals';
import { askToSignIn, door } from '../app/sign-in-door.ts';
import { whoAt } from '../app/spaces.ts';

/** Asks to sign in where nobody has. False: the user has closed the door instead. */
export function signedIn(authority: string): Promise<boolean> {
  if (whoAt(authority)) return Promise.resolve(true);
  askToSignIn(authority);
  return new Promise((resolve) => {
    const stop = effect(() => {
      const is = whoAt(authority) !== undefined;
      if (!is && door.value !== undefined) return;
      resolve(is);
      queueMicrotask(() => stop());
    });
  });
}
