// A chunk of a catalogue: a VOTable of sources with the errors of their positions.
import { formatVotable, type Column } from '../demo/votable.ts';
import type { Source } from './source.ts';
import { columnOf, findColumn, numberAt, readTable } from './table.ts';

/** Media type of chunks, and of tables of matches. */
export const VOTABLE = 'application/x-votable+xml';

export interface Catalogue {
  /** Of the tables; short. */
  readonly name: string;
  readonly title: string;
  /** Where the data come from. */
  readonly origin: string;
  readonly epoch: string;
  readonly sources: readonly Source[];
}

const COLUMNS: readonly Column[] = [
  { name: 'id', datatype: 'char', ucd: 'meta.id;meta.main', description: 'Identifier' },
  { name: 'ra', datatype: 'double', ucd: 'pos.eq.ra;meta.main', unit: 'deg', precision: 7, description: 'Right ascension' },
  { name: 'dec', datatype: 'double', ucd: 'pos.eq.dec;meta.main', unit: 'deg', precision: 7, description: 'Declination' },
  {
    name: 'error',
    datatype: 'double',
    ucd: 'stat.error;pos.eq',
    unit: 'arcsec',
    description: 'Standard deviation of the position along each axis',
  },
  { name: 'mag', datatype: 'double', ucd: 'phot.mag;em.opt', unit: 'mag', description: 'Apparent magnitude' },
];

/** `sources`: those of the catalogue that are in this chunk; `part` says in words which. */
export function formatChunk({ name, title, origin, epoch }: Catalogue, sources: readonly Source[], part: string): Buffer {
  const rows = sources.map(({ id, ra, dec, error, mag }) => [id, ra, dec, error, mag]);
  const description = `${sources.length} sources, ${part}`;
  return formatVotable({ name, title, description, source: origin, epoch, columns: COLUMNS, rows }, 'TABLEDATA');
}

/** Any VOTable with such columns, whatever they are called. Throws an Error that says what is wrong. */
export function parseChunk(bytes: Uint8Array): Source[] {
  const table = readTable(bytes);
  const [id, ra, dec, error] = [
    columnOf(table, 'meta.id'),
    columnOf(table, 'pos.eq.ra', 'deg'),
    columnOf(table, 'pos.eq.dec', 'deg'),
    columnOf(table, 'stat.error;pos.eq', 'arcsec'),
  ];
  const mag = findColumn(table.fields, 'phot.mag');
  return table.rows.map((row) => ({
    id: row[id] ?? '',
    ra: numberAt(row, ra, 'right ascension'),
    dec: numberAt(row, dec, 'declination'),
    error: numberAt(row, error, 'error'),
    mag: mag === undefined || row[mag] === '' ? undefined : Number(row[mag]),
  }));
}
