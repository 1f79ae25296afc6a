// What every dialog of an action is given.
import type { Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';

export interface DialogProps {
  readonly targets: readonly Target[];
  readonly container: Place;
  readonly onClose: () => void;
}
