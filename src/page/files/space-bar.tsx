// Above a pane of two: which VOSpace it shows, and as whom.
import { SignInButton } from '../kit/sign-in-button.tsx';
import type { Place } from '../app/place.ts';
import { spaces, whoAt } from '../app/spaces.ts';
import { askToSignOut } from '../app/staying.ts';
import { Icon } from '../kit/icon.tsx';

interface SpaceBarProps {
  readonly label: string;
  readonly place: Place;
  readonly onGo: (place: Place) => void;
}

export function SpaceBar({ label, place: { authority }, onGo }: SpaceBarProps) {
  if (spaces.length === 1) return null;
  const who = whoAt(authority);
  return (
    <div class="space-bar">
      <Icon name="service" />
      <select
        aria-label={`VOSpace of the ${label.toLowerCase()}`}
        value={authority}
        onChange={(event) => onGo({ authority: event.currentTarget.value, path: '' })}
      >
        {spaces.map((space) => (
          <option key={space.authority} value={space.authority}>
            {space.authority}
          </option>
        ))}
      </select>
      {who ? (
        <button
          type="button"
          class="button quiet"
          aria-label={`${who.user} at ${authority}, sign out`}
          title="Sign out"
          onClick={() => askToSignOut(authority)}
        >
          <Icon name="user" />
          <span class="cut">{who.user}</span>
        </button>
      ) : (
        <SignInButton at={authority} second>
          Sign in there
        </SignInButton>
      )}
    </div>
  );
}
