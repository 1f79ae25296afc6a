// The way to a second pane beside the first, and back: a key and a button. What stands in it is in the URL's `right`.
import { useShortcuts } from '../app/keys.tsx';
import { placeText, readPlaceText, type Place } from '../app/place.ts';
import { navigate, parameter, withParameters } from '../app/router.ts';
import { Icon } from '../kit/icon.tsx';
import { viewParameters, PLAIN } from './view.ts';

/** Begins the names of the right pane's parameters. */
export const RIGHT = 'right';

/** Undefined while there is one pane. */
export function rightPlace(): Place | undefined {
  const text = parameter(RIGHT);
  return text === undefined ? undefined : readPlaceText(text);
}

/** A second pane that shows the same folder as the first, until it is led elsewhere. */
function toggle(place: Place): void {
  const gone = Object.keys(viewParameters(PLAIN)).map((name) => [`${RIGHT}-${name}`, undefined]);
  navigate(withParameters({ ...Object.fromEntries(gone), [RIGHT]: rightPlace() ? undefined : placeText(place) }));
}

export function useSecondPaneKey(place: Place): void {
  const label = 'Show a second folder beside this one, or hide it';
  useShortcuts('Two panes', [{ keys: ['f6'], label, run: () => toggle(place) }], [placeText(place)]);
}

export function SecondPaneButton({ place }: { readonly place: Place }) {
  const open = rightPlace() !== undefined;
  return (
    <button
      type="button"
      class="button icon-only quiet"
      aria-label="Second pane"
      aria-pressed={open}
      title={open ? 'Hide the second pane (F6)' : 'Show a second folder beside this one (F6)'}
      onClick={() => toggle(place)}
    >
      <Icon name="panes" />
    </button>
  );
}
