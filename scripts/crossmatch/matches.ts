// The table of matches: what a crossmatch stage writes, and what is merged in the end.
import { formatVotable, type Column } from '../demo/votable.ts';
import type { Match } from './source.ts';
import { numberAt, readTable } from './table.ts';

const position = (which: string, words: string): readonly Column[] => [
  { name: which, datatype: 'char', ucd: which === 'a' ? 'meta.id;meta.main' : 'meta.id', description: `Identifier in ${words}` },
  { name: `${which}_ra`, datatype: 'double', ucd: 'pos.eq.ra', unit: 'deg', precision: 7, description: `Right ascension in ${words}` },
  { name: `${which}_dec`, datatype: 'double', ucd: 'pos.eq.dec', unit: 'deg', precision: 7, description: `Declination in ${words}` },
];
const COLUMNS: readonly Column[] = [
  ...position('a', 'the first catalogue'),
  ...position('b', 'the second catalogue'),
  { name: 'separation', datatype: 'double', ucd: 'pos.angDistance', unit: 'arcsec', precision: 4, description: 'Between the positions' },
  { name: 'log10_b', datatype: 'double', ucd: 'stat.likelihood', precision: 4, description: 'Logarithm of the Bayes factor, to base 10' },
  { name: 'probability', datatype: 'double', ucd: 'stat.probability', precision: 6, description: 'That both are the same object' },
];
const ORIGIN = 'Crossmatch by position: zones algorithm (MSR-TR-2006-52), Bayes factor of Budavári and Szalay (ApJ 679, 301)';

/** The same matches are the same bytes. The positions are as the catalogues have them, each of its own epoch. */
export function formatMatches(matches: readonly Match[], title: string): Buffer {
  const rows = matches.map(({ a, b, separation, log10B, probability }) => [
    a.id,
    a.ra,
    a.dec,
    b.id,
    b.ra,
    b.dec,
    Number(separation.toFixed(4)),
    Number(log10B.toFixed(4)),
    Number(probability.toFixed(6)),
  ]);
  const description = `${rows.length} matches`;
  return formatVotable({ name: 'matches', title, description, source: ORIGIN, columns: COLUMNS, rows }, 'TABLEDATA');
}

/** What `formatMatches` has written. */
export function parseMatches(bytes: Uint8Array): Match[] {
  const { fields, rows } = readTable(bytes);
  const at = (name: string): number => {
    const column = fields.findIndex((field) => field.name === name);
    if (column < 0) throw new Error(`the table has no column ${name}`);
    return column;
  };
  const named = (which: string) => ({ id: at(which), ra: at(`${which}_ra`), dec: at(`${which}_dec`) });
  const [a, b, separation, log10B, probability] = [named('a'), named('b'), at('separation'), at('log10_b'), at('probability')];
  return rows.map((row) => {
    const read = (of: typeof a) => ({ id: row[of.id] ?? '', ra: numberAt(row, of.ra, 'ra'), dec: numberAt(row, of.dec, 'dec') });
    return {
      a: read(a),
      b: read(b),
      separation: numberAt(row, separation, 'separation'),
      log10B: numberAt(row, log10B, 'log10_b'),
      probability: numberAt(row, probability, 'probability'),
    };
  });
}
