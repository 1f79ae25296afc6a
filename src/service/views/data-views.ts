// Views of the bytes of one node: tables in another form, and the headers of FITS files as text.
import { Fault } from '../../faults.ts';
import { ByteReader } from '../../formats/byte-reader.ts';
import { CsvReader, formatCsvRow } from '../../formats/csv.ts';
import { readFitsHeaders } from '../../formats/fits.ts';
import { SeekingReader } from '../../formats/seeking-reader.ts';
import { VotableReader } from '../../formats/votable-read.ts';
import { closeVotable, formatRow, openVotable, TypeGuess } from '../../formats/votable-write.ts';
import type { Principal } from '../../model/principal.ts';
import { TYPE } from '../../model/property.ts';
import { dataViewsOf, isOwnView, viewUri, type DataView } from '../../model/view.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { findBytes, openDownload, type Download } from '../downloads/download.ts';
import type { Made } from './made.ts';
import type { Services } from '../services.ts';

const FORMS: Readonly<Record<DataView, { readonly mediaType: string; readonly extension: string }>> = {
  csv: { mediaType: 'text/csv; charset=utf-8; header=present', extension: 'csv' },
  votable: { mediaType: 'application/x-votable+xml', extension: 'vot' },
  'fits-header': { mediaType: 'text/plain; charset=us-ascii', extension: 'txt' },
};

/** Throws ViewNotSupported for bytes that are not of a type of which the view is made. */
export async function makeDataView(services: Services, view: DataView, target: NodePath, principal: Principal): Promise<Made> {
  const download = await findBytes(services, target, principal);
  const name = download.path.at(-1) ?? '';
  const type = download.node.properties.find(({ uri }) => uri === TYPE)?.value;
  const { authority } = services.config;
  if (isOwnView(view, type, name))
    return { filename: name, mediaType: type ?? FORMS[view].mediaType, length: download.node.size, body: () => open(services, download) };
  if (!dataViewsOf(type, name).includes(view))
    throw new Fault(
      'ViewNotSupported',
      `${viewUri(view)} of ${formatVosUri({ authority, path: download.path })}, which is ${type ?? 'of no type'}`,
    );
  const { mediaType, extension } = FORMS[view];
  const parts = { csv: toCsv, votable: toVotable, 'fits-header': toHeaders }[view];
  return {
    filename: `${name.replace(/\.[^.]*$/, '')}.${extension}`,
    mediaType,
    length: undefined,
    body: () => streamTexts(parts(services, download)),
  };
}

async function open(services: Services, download: Download, start = 0): Promise<ReadableStream<Uint8Array>> {
  const end = download.node.size - 1;
  const range = start === 0 ? undefined : { start, end };
  return (start > end ? null : await openDownload(services, download, range)) ?? new Blob([]).stream();
}

async function* toHeaders(services: Services, download: Download): AsyncGenerator<string> {
  const source = new SeekingReader((start) => open(services, download, start));
  let separator = '';
  try {
    for await (const cards of readFitsHeaders(source, download.node.size)) {
      yield `${separator}${cards.join('\n')}\n`;
      separator = '\n';
    }
  } finally {
    await source.close();
  }
}

async function* toCsv(services: Services, download: Download): AsyncGenerator<string> {
  let rows: string[] = [];
  const table = new VotableReader({
    fields: (fields) => void rows.push(formatCsvRow(fields.map(({ name }) => name))),
    row: (row) => void rows.push(formatCsvRow(row)),
  });
  for await (const _ of parse(await open(services, download), table)) {
    if (rows.length > 0) yield rows.join('');
    rows = [];
  }
}

/** Read twice: types that not all rows have are no types. */
async function* toVotable(services: Services, download: Download): AsyncGenerator<string> {
  let names: readonly string[] | undefined;
  let guesses: readonly TypeGuess[] = [];
  const first = new CsvReader((cells) => {
    if (!names) guesses = (names = cells).map(() => new TypeGuess());
    else for (const [i, cell] of cells.entries()) guesses[i]?.see(cell);
  });
  for await (const _ of parse(await open(services, download), first));
  if (!names) throw new Fault('InvalidArgument', 'the CSV has no rows');
  const width = names.length;
  yield openVotable(
    names,
    guesses.map(({ type }) => type),
  );
  let rows: string[] = [];
  let header = true;
  const second = new CsvReader((cells) => {
    if (!header) rows.push(formatRow(cells, width));
    header = false;
  });
  for await (const _ of parse(await open(services, download), second)) {
    if (rows.length > 0) yield rows.join('');
    rows = [];
  }
  yield closeVotable();
}

interface Parser {
  push(bytes: Uint8Array): void;
  end(): void;
}

/** Bytes that are parsed between two yields: one byte of a row may become a wide row of the other form. */
const SLICE = 4096;

/** Yields after each slice that has been parsed, and after the end. */
async function* parse(stream: ReadableStream<Uint8Array>, parser: Parser): AsyncGenerator<undefined> {
  const reader = new ByteReader(stream);
  try {
    for (let part = await reader.part(); part; part = await reader.part()) {
      for (let at = 0; at < part.byteLength; at += SLICE) {
        parser.push(part.subarray(at, at + SLICE));
        yield undefined;
      }
    }
    parser.end();
    yield undefined;
  } finally {
    await reader.cancel();
  }
}

/** What is wrong with the beginning is thrown, before an answer has begun; what is wrong later fails the stream. */
async function streamTexts(texts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const utf8 = new TextEncoder();
  let first: IteratorResult<string> | undefined = await texts.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = first ?? (await texts.next());
      first = undefined;
      if (next.done) controller.close();
      else controller.enqueue(utf8.encode(next.value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
