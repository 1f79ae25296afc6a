// The date of a file's contents, kept as a property where that was asked for.

/** The standard's own, which whoever writes the node may set. */
export const CONTENT_DATE = 'ivo://ivoa.net/vospace/core#content-date';

/** `modified`: epoch milliseconds. */
export function dateProperty(modified: number): Readonly<Record<string, string>> {
  return { [CONTENT_DATE]: new Date(modified).toISOString() };
}
