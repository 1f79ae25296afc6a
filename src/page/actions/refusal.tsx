// Why something was refused, in a dialog: what is the matter, and what can be done.
import type { Trouble } from '../app/trouble.ts';

export function Refusal({ trouble: { text, advice } }: { readonly trouble: Trouble }) {
  return (
    <p class="failure" role="alert">
      {text} {advice}
    </p>
  );
}
