// What is shown of a table file.

export interface Column {
  readonly name: string;
  readonly unit?: string | undefined;
  readonly ucd?: string | undefined;
  readonly datatype?: string | undefined;
}

export interface TableData {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly description?: string | undefined;
  /** Whether there are more rows than these. */
  readonly more: boolean;
}

/** Rows that are read and shown. */
export const MOST_ROWS = 500;

/** Whether a column has numbers and nothing else: they stand under each other by their ends. */
export function hasNumbers(rows: TableData['rows'], column: number): boolean {
  const cells = rows.flatMap((row) => row[column]?.trim() || []);
  return cells.length > 0 && cells.every((cell) => !Number.isNaN(Number(cell)) || cell === 'NaN');
}
