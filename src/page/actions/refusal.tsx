// Why something was refused, in a dialog: what is the matter, and what can be done.
import { SignInButton } from '../kit/sign-in-button.tsx';
import type { Trouble } from '../app/trouble.ts';
import { inWords } from './words.ts';

interface RefusalProps {
  readonly trouble: Trouble;
  /** Of the VOSpace that has refused. */
  readonly authority: string;
}

export function Refusal({ trouble, authority }: RefusalProps) {
  return (
    <div class="failure" role="alert">
      <div>{inWords(trouble)}</div>
      {trouble.name === 'NotAuthenticated' && <SignInButton at={authority} second />}
    </div>
  );
}
