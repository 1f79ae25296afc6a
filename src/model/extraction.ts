// What makes the headers of files properties of their nodes, and what these are called.
import { TYPE } from './property.ts';
import { dataViewsOf } from './view.ts';

/** On a container: `true` for all below it, `false` for what is below it after all. The nearest container that has it decides. */
export const EXTRACT = 'ivo://vopipe/properties#extract';
/** Followed by a keyword of the primary header. */
export const FITS_KEYWORD = 'ivo://vopipe/fits#';
/** Followed by `table`, `description`, `fields`, `units` or `ucds`. */
export const VOTABLE_PART = 'ivo://vopipe/votable#';

export type Extractable = 'fits' | 'votable';

/** What can be extracted from bytes of such a type or name; undefined for nothing. */
export function extractable(
  properties: readonly { readonly uri: string; readonly value: string }[],
  name: string,
): Extractable | undefined {
  const views = dataViewsOf(properties.find(({ uri }) => uri === TYPE)?.value, name);
  return views.includes('fits-header') ? 'fits' : views.includes('csv') ? 'votable' : undefined;
}
