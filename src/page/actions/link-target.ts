// What a user types as the target of a link, as the URI that the node has.
import { childOf, uriOf, type Place } from '../app/place.ts';

const HARMFUL = /^(javascript|vbscript|data):/i;

/** A path begins with a slash, or is taken from the container; everything else is an address. Throws Error in words for the user. */
export function readLinkTarget(text: string, container: Place): string {
  const typed = text.trim();
  if (typed === '') throw new Error('Say where the link leads to.');
  if (HARMFUL.test(typed)) throw new Error('A link cannot lead to a script or to data.');
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) {
    if (URL.canParse(typed)) return typed;
    throw new Error('This is not an address.');
  }
  const from: Place = typed.startsWith('/') ? { ...container, path: '' } : container;
  const place = typed
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reduce((at, name) => (name === '..' ? { ...at, path: at.path.slice(0, at.path.lastIndexOf('/')) } : childOf(at, name)), from);
  return uriOf(place);
}
