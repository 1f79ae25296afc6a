// Who the user is, by what he may do what, and his application passwords.
import { SignInButton } from '../kit/sign-in-button.tsx';
import type { Me } from '../../client/me.ts';
import { OWN, signOut } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { Passwords } from './passwords.tsx';

export function Account({ who }: { readonly who: Me | undefined }) {
  return (
    <section class="card" aria-labelledby="account">
      <h2 id="account">{who ? who.user : 'Not signed in'}</h2>
      {who ? <Rights who={who} /> : <p>You see what is public. Sign in to see, change and store more.</p>}
      <div class="form-buttons">
        {who ? (
          <button type="button" class="button" onClick={() => signOut(OWN)}>
            Sign out
          </button>
        ) : (
          <SignInButton />
        )}
      </div>
      {who && !who.scopes && <Passwords />}
    </section>
  );
}

function Rights({ who: { admin, groups, scopes } }: { readonly who: Me }) {
  return (
    <>
      <p>
        {admin ? 'You are an administrator: you may read and change everything.' : 'You may do what you like with what is yours,'}
        {!admin && groups.length === 0 && ' and with other people’s as far as it is public. You are in no group.'}
        {!admin && groups.length > 0 && ' and with other people’s as far as your groups may:'}
      </p>
      {groups.length > 0 && (
        <ul class="service-groups">
          {groups.map((group) => (
            <li key={group}>
              <Icon name="user" /> {group}
            </li>
          ))}
        </ul>
      )}
      {scopes && (
        <>
          <p>Your token is restricted to:</p>
          <ul class="service-groups">
            {scopes.map((scope) => (
              <li key={scope}>
                <code>{scope}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
