// A folder with nothing in it, or with nothing that the filter lets through.
import { startAction } from '../actions/actions.ts';
import { searchHref, type Place } from '../app/place.ts';
import { whoAt } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { SignInButton } from '../kit/sign-in-button.tsx';
import { Nothing } from '../kit/states.tsx';
import { chooseFiles } from '../tray/tray.ts';

interface EmptyProps {
  readonly place: Place;
  readonly filter: string;
  /** Why nothing can be put there. */
  readonly closed: string | undefined;
  readonly onFilter: (filter: string) => void;
}

export function Empty({ place, filter, closed, onFilter }: EmptyProps) {
  if (filter !== '')
    return (
      <Nothing icon="filter" title={`No name here has “${filter}” in it`} text="What is in folders below is found by a search.">
        <div class="state-buttons">
          <button type="button" class="button" onClick={() => onFilter('')}>
            Show everything
          </button>
          <a class="button" href={searchHref(place, filter)}>
            <Icon name="search" />
            Search below
          </a>
        </div>
      </Nothing>
    );
  if (closed !== undefined) {
    const known = whoAt(place.authority);
    return (
      <Nothing title={known ? 'This folder is empty' : 'Sign in to see more'} text={closed}>
        {!known && <SignInButton at={place.authority} />}
      </Nothing>
    );
  }
  return (
    <Nothing title="This folder is empty" text="Drop files and folders here, or choose what to put into it.">
      <div class="state-buttons">
        <button type="button" class="button primary" onClick={() => chooseFiles(place, 'files')}>
          <Icon name="upload" />
          Upload files
        </button>
        <button type="button" class="button" onClick={() => startAction('new-folder', [], place)}>
          <Icon name="folder" />
          New folder
        </button>
      </div>
    </Nothing>
  );
}
