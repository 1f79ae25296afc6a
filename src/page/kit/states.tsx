// What stands where there is nothing to show: on its way, nothing there, or a failure with what can be done.
import { SignInButton } from './sign-in-button.tsx';
import type { ComponentChildren } from 'preact';
import type { Trouble } from '../app/trouble.ts';
import { Icon, type IconName } from './icon.tsx';

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="state" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>Loading {what.toLowerCase()} …</p>
    </div>
  );
}

interface NothingProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly icon?: IconName;
  /** What can be done. */
  readonly children?: ComponentChildren;
}

export function Nothing({ title, text, icon = 'empty', children }: NothingProps) {
  return (
    <div class="state">
      <Icon name={icon} />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}

export function Failure({ trouble, retry }: { readonly trouble: Trouble; readonly retry?: (() => void) | undefined }) {
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <div>
        <p>
          <strong>{trouble.name}</strong> {trouble.text}
        </p>
        {trouble.advice && <p>{trouble.advice}</p>}
      </div>
      {trouble.name === 'NotAuthenticated' && <SignInButton second />}
      {retry && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
