// How places lie to each other.
import { isSamePlace, parentOf, type Place } from '../app/place.ts';

/** Whether a place is the other one, or below it. */
export function isWithin(place: Place, other: Place): boolean {
  return place.authority === other.authority && `${place.path}/`.startsWith(`${other.path}/`);
}

/** Whether nodes can be moved there: not where they are already, and never into themselves. */
export function mayGo(places: readonly Place[], to: Place): boolean {
  return places.every((place) => !isSamePlace(parentOf(place), to) && !isWithin(to, place));
}
