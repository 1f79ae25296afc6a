// Properties as people call them: the standard's by their short names, others by their URIs.
import { ACCEPTED_PROPERTIES, PROVIDED_PROPERTIES } from '../../model/property.ts';
import { nearest } from '../nearest.ts';

const KNOWN = [...ACCEPTED_PROPERTIES, ...PROVIDED_PROPERTIES];
const BY_NAME: ReadonlyMap<string, string> = new Map(KNOWN.map((uri) => [nameIn(uri).toLowerCase(), uri]));

function nameIn(uri: string): string {
  return uri.slice(uri.indexOf('#') + 1);
}

/** Names that a person may write instead of URIs. */
export const SHORT_NAMES: readonly string[] = KNOWN.map(nameIn);

/** `title` for the standard's title; every other property is what it is. */
export function shortName(uri: string): string {
  return BY_NAME.get(nameIn(uri).toLowerCase()) === uri ? nameIn(uri) : uri;
}

/** A short name, in any case, or a URI, or a word of one's own. */
export function propertyUri(name: string): string {
  return BY_NAME.get(name.toLowerCase()) ?? name;
}

/** The standard's name that somebody may have meant who wrote a word of his own. */
export function likelyMeant(name: string): string | undefined {
  return name.includes(':') || BY_NAME.has(name.toLowerCase()) ? undefined : nearest(name, SHORT_NAMES);
}
