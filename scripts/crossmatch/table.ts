// Reads a VOTable whose columns are found by what they mean (their UCDs), not by what they are called.
import { VotableReader, type Field, type Row } from '../../src/formats/votable-read.ts';

export interface ReadTable {
  readonly fields: readonly Field[];
  readonly rows: readonly Row[];
}

export function readTable(bytes: Uint8Array): ReadTable {
  let fields: readonly Field[] = [];
  const rows: Row[] = [];
  const reader = new VotableReader({ fields: (found) => (fields = found), row: (row) => rows.push(row) });
  reader.push(bytes);
  reader.end();
  return { fields, rows };
}

/** The first column of this UCD, the one that is marked as main before others. Throws an Error that names what is there. */
export function columnOf({ fields }: ReadTable, ucd: string, unit?: string): number {
  const column = findColumn(fields, ucd);
  const field = column === undefined ? undefined : fields[column];
  if (column === undefined || field === undefined)
    throw new Error(`the table has no column ${ucd}: ${fields.map(({ name, ucd: has }) => `${name} (${has ?? 'no UCD'})`).join(', ')}`);
  if (unit !== undefined && field.unit !== unit) throw new Error(`column ${field.name} is in ${field.unit ?? 'no unit'}, not in ${unit}`);
  return column;
}

export function findColumn(fields: readonly Field[], ucd: string): number | undefined {
  const words = ucd.toLowerCase().split(';');
  const fitting = fields.flatMap((field, index) => {
    const has = (field.ucd ?? '').toLowerCase().split(';');
    return words.every((word) => has.includes(word)) ? { index, main: has.includes('meta.main') } : [];
  });
  return (fitting.find(({ main }) => main) ?? fitting[0])?.index;
}

/** A cell that has to be a number. */
export function numberAt(row: Row, column: number, what: string): number {
  const cell = row[column] ?? '';
  const number = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(number)) throw new Error(`a row has ${JSON.stringify(cell.slice(0, 100))} as ${what}`);
  return number;
}
