// Signing in with a user's name and an application password. Neither is kept anywhere but in memory.
import { useEffect, useRef } from 'preact/hooks';
import { Dialog } from '../kit/dialog.tsx';
import { textIn } from '../kit/text-in.ts';
import { useAction } from '../kit/use-action.ts';
import { FormButtons } from '../kit/form-buttons.tsx';
import { leaveFor } from './oidc.ts';
import { door, leaveRoot } from './sign-in-door.ts';
import { settings } from './settings.ts';
import { OWN, signIn } from './spaces.ts';

export function SignIn() {
  const { run, busy, trouble } = useAction();
  const over = useRef(new AbortController());
  useEffect(() => () => over.current.abort(), []);
  const authority = door.value;
  if (authority === undefined) return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const credentials = { user: textIn(form, 'user'), password: textIn(form, 'password') };
    void run(async () => {
      await signIn(authority, credentials, over.current.signal);
      door.value = undefined;
      leaveRoot();
    });
  };
  return (
    <Dialog title={authority === OWN ? 'Sign in' : `Sign in to ${authority}`} onClose={() => (door.value = undefined)} narrow>
      <form class="form" onSubmit={submit}>
        <label class="field">
          <span>User</span>
          <input name="user" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
        </label>
        <label class="field">
          <span>{authority === OWN ? 'Application password' : 'Password'}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {trouble && (
          <p class="failure" role="alert">
            {trouble.name === 'NotAuthenticated' ? 'There is no such user, or the password is another one.' : trouble.text}
          </p>
        )}
        {authority === OWN && settings.issuers.length > 0 && <Elsewhere />}
        <FormButtons disabled={busy}>Sign in</FormButtons>
      </form>
    </Dialog>
  );
}

function Elsewhere() {
  const { run, busy, trouble } = useAction();
  const leave = (issuer: string): void => void run(() => leaveFor(issuer));
  return (
    <>
      {settings.issuers.map(({ issuer }) => (
        <button key={issuer} type="button" class="button" disabled={busy} onClick={() => leave(issuer)}>
          Sign in at {new URL(issuer).host}
        </button>
      ))}
      {trouble && (
        <p class="failure" role="alert">
          {trouble.text}
        </p>
      )}
    </>
  );
}
