// A name that nothing has yet.
import { childOf, nameOf, parentOf, type Place } from '../app/place.ts';
import { otherName } from '../app/node-names.ts';
import { isTaken } from '../app/taken.ts';

const TRIES = 100;

/** The place, or the first beside it whose name is free: `stars (2).csv`. */
export async function freeName(place: Place, signal?: AbortSignal): Promise<Place> {
  for (let [count, tried] = [2, place]; count < TRIES; count++) {
    if (!(await isTaken(tried, signal))) return tried;
    tried = childOf(parentOf(place), otherName(nameOf(place), count));
  }
  throw new Error(`there are ${TRIES} of “${nameOf(place)}” already`);
}
