// The way to the search screen: what is looked for is its URL.
import { placeText, type Place } from '../app/place.ts';
import { ROOT } from '../app/router.ts';

/** Below a folder; `name` as in its field. */
export function searchHref(below: Place, name = ''): string {
  const query = new URLSearchParams({ below: placeText(below), ...(name !== '' && { name }) });
  return `${ROOT}/search?${query.toString()}`;
}
