// What stands where a folder has no rows to show: loaded when it is so.
import type { Place } from '../app/place.ts';
import { Empty } from './empty.tsx';
import { Refused } from './refused.tsx';

interface InsteadProps {
  readonly place: Place;
  /** Why the folder is not shown; undefined: there is nothing in it. */
  readonly refusal: { readonly thrown: unknown } | undefined;
  readonly again: () => void;
  readonly filter: string;
  readonly writable: boolean | undefined;
  readonly onFilter: (filter: string) => void;
}

export function Instead({ place, refusal, again, filter, writable, onFilter }: InsteadProps) {
  if (refusal) return <Refused place={place} thrown={refusal.thrown} again={again} />;
  return <Empty place={place} filter={filter} writable={writable} onFilter={onFilter} />;
}
