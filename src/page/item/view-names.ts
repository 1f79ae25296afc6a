// What the views of nodes are, in words.
import { CORE } from '../../model/property.ts';
import { MADE_VIEWS, viewUri, type MadeView } from '../../model/view.ts';

const MADE: Readonly<Record<MadeView, string>> = {
  zip: 'Everything in it, as one zip',
  tar: 'Everything in it, as one tar',
  csv: 'The table as CSV',
  votable: 'The table as VOTable',
  'fits-header': 'The header of the FITS file, as text',
};

/** Undefined for one that is no other than the bytes. */
export function describeView(uri: string): string | undefined {
  if (uri === `${CORE}defaultview`) return 'The bytes as they are';
  if (uri === `${CORE}binaryview` || uri === `${CORE}anyview`) return undefined;
  const made = MADE_VIEWS.find((view) => viewUri(view) === uri);
  return made === undefined ? uri : MADE[made];
}
