// Reads the beginning of a CSV file or a VOTable out of a stream, and no more of it than is shown.
import { CsvReader } from '../../formats/csv.ts';
import { VotableReader, type Field } from '../../formats/votable-read.ts';
import { MOST_ROWS, type TableData } from './table-data.ts';

interface Reader {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

export async function readCsv(stream: ReadableStream<Uint8Array>): Promise<TableData> {
  const rows: (readonly string[])[] = [];
  const more = await readUntil(stream, new CsvReader((row) => rows.push(row)), () => rows.length > MOST_ROWS + 1);
  const [head = [], ...body] = rows;
  return { columns: head.map((name) => ({ name })), rows: body.slice(0, MOST_ROWS), more: more || body.length > MOST_ROWS };
}

/** Of the first table in it. */
export async function readVotable(stream: ReadableStream<Uint8Array>): Promise<TableData> {
  const rows: (readonly string[])[] = [];
  let fields: readonly Field[] = [];
  let described = '';
  const reader = new VotableReader({
    fields: (found, description, table) => {
      fields = found;
      described = [table, description].filter(Boolean).join(': ');
    },
    row: (row) => rows.push(row),
  });
  const more = await readUntil(stream, reader, () => rows.length > MOST_ROWS);
  return { columns: fields, rows: rows.slice(0, MOST_ROWS), description: described, more: more || rows.length > MOST_ROWS };
}

/** Whether it stopped before the end. */
async function readUntil(stream: ReadableStream<Uint8Array>, reader: Reader, enough: () => boolean): Promise<boolean> {
  const parts = stream.getReader();
  try {
    for (let part = await parts.read(); !part.done; part = await parts.read()) {
      reader.push(part.value);
      if (enough()) return true;
    }
    reader.end();
    return false;
  } finally {
    // Nothing more of it is fetched, also where it is no such table.
    await parts.cancel().catch(() => undefined);
  }
}
