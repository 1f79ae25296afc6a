// Opens the sign-in dialog.
import type { ComponentChildren } from 'preact';
import { askToSignIn } from '../app/sign-in-door.ts';

interface SignInButtonProps {
  /** The VOSpace's authority; absent: this service. */
  readonly at?: string;
  /** Beside something that matters more. */
  readonly second?: boolean;
  readonly children?: ComponentChildren;
}

export function SignInButton({ at, second = false, children = 'Sign in' }: SignInButtonProps) {
  return (
    <button type="button" class={second ? 'button' : 'button primary'} onClick={() => askToSignIn(at)}>
      {children}
    </button>
  );
}
