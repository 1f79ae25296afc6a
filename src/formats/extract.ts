// From the headers of files to properties: keywords of FITS, and what a VOTable says of its table.
import { FITS_KEYWORD, VOTABLE_PART } from '../model/extraction.ts';
import { valueOf, type Cards } from './fits.ts';
import type { Field } from './votable-read.ts';

/** Of one file. */
const MAX_KEYWORDS = 200;
const MAX_VALUE = 2000;
const MAX_LIST = 20_000;
/** They belong to the bytes, not to what these are about. */
const LEFT_OUT: ReadonlySet<string> = new Set(['SIMPLE', 'EXTEND', 'CHECKSUM', 'DATASUM', 'CONTINUE', 'LONGSTRN']);

export type Extracted = readonly { readonly uri: string; readonly value: string }[];

/** Each keyword that has a value, the first of its name, in the order of the header. */
export function fitsProperties(cards: Cards): Extracted {
  const found = new Map<string, string>();
  for (const [at, card] of cards.entries()) {
    const keyword = card.slice(0, 8).trimEnd();
    const value = found.size < MAX_KEYWORDS && !LEFT_OUT.has(keyword) && !found.has(keyword) ? valueOf(cards, at) : undefined;
    if (value !== undefined && value !== '') found.set(keyword, value.slice(0, MAX_VALUE));
  }
  return [...found].map(([keyword, value]) => ({ uri: FITS_KEYWORD + keyword, value }));
}

/** The table's name and description; its fields by name, and each unit and UCD once, separated by blanks. */
export function votableProperties(table: string, description: string, fields: readonly Field[]): Extracted {
  const each = (values: readonly (string | undefined)[]): string =>
    [...new Set(values.filter((value) => value !== undefined && value !== ''))].join(' ');
  const parts: Readonly<Record<string, string>> = {
    table,
    description,
    fields: fields.map(({ name }) => name.replaceAll(/\s+/g, '_')).join(' '),
    units: each(fields.map(({ unit }) => unit)),
    ucds: each(fields.map(({ ucd }) => ucd)),
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== '')
    .map(([part, value]) => ({ uri: VOTABLE_PART + part, value: value.slice(0, MAX_LIST) }));
}
