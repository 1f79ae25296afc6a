// What stands where a folder has no rows to show: loaded when it is so.
import type { Place } from '../app/place.ts';
import { Empty } from './empty.tsx';
import { Refused } from './refused.tsx';
import type { View } from './view.ts';

interface InsteadProps {
  readonly place: Place;
  /** Why the folder is not shown; undefined: there is nothing in it. */
  readonly refusal: { readonly thrown: unknown } | undefined;
  readonly again: () => void;
  readonly filter: string;
  /** Why nothing can be put there. */
  readonly closed: string | undefined;
  readonly onView: (changes: Partial<View>) => void;
}

export function Instead({ place, refusal, again, filter, closed, onView }: InsteadProps) {
  if (refusal) return <Refused place={place} thrown={refusal.thrown} again={again} />;
  return <Empty place={place} filter={filter} closed={closed} onFilter={(next) => onView({ filter: next })} />;
}
