// The question whether to sign out although something is under way or not saved.
import { ask } from '../actions/over.ts';
import { Dialog } from '../kit/dialog.tsx';
import { signOut, whoAt } from './spaces.ts';

export async function confirmSignOut(authority: string, against: readonly string[]): Promise<void> {
  const who = whoAt(authority)?.user ?? '';
  const leaves = await ask<boolean>((answer) => (
    <Dialog title="Sign out?" onClose={() => answer(false)} narrow>
      {against.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      <div class="form-buttons">
        <button type="button" class="button" autofocus onClick={() => answer(false)}>
          Stay
        </button>
        <button type="button" class="button danger" onClick={() => answer(true)}>
          Sign out {who}
        </button>
      </div>
    </Dialog>
  ));
  if (leaves) signOut(authority);
}
