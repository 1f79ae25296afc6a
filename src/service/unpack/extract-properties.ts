// Makes the header of a file properties of its node: FITS keywords, and what a VOTable says of its table.
import { asFault, Fault } from '../../faults.ts';
import { ByteReader } from '../../formats/byte-reader.ts';
import { fitsProperties, votableProperties, type Extracted } from '../../formats/extract.ts';
import { readFitsHeaders } from '../../formats/fits.ts';
import { SeekingReader } from '../../formats/seeking-reader.ts';
import { VotableReader } from '../../formats/votable-read.ts';
import { extractable, FITS_KEYWORD, VOTABLE_PART, type Extractable } from '../../model/extraction.ts';
import type { Principal } from '../../model/principal.ts';
import { illegalCharacter } from '../../model/text.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import { findBytes, openDownload, type Download } from '../downloads/download.ts';
import type { Services } from '../services.ts';

/** Bytes before the rows of a VOTable that are read for its fields. */
const MAX_HEAD = 16 * 1024 * 1024;

/** Times that the bytes may be replaced while they are read. */
const MAX_REPLACED = 5;

/**
 * One step, which may be repeated: what was extracted from former bytes and is not in these is removed. Answers how many properties there
 * are. Throws InvalidArgument where the bytes are not what their type says.
 */
export async function extractProperties(services: Services, principal: Principal, target: string): Promise<number> {
  const { path } = parseVosUri(target);
  for (let replaced = 0; replaced < MAX_REPLACED; replaced++) {
    const download = await findBytes(services, path, principal);
    // A link has taken the file's place: whoever put it there might not be allowed to change what it leads to.
    if (download.path.join('/') !== path.join('/')) return 0;
    const count = await describe(services, principal, download);
    // Another upload may have been committed, and described, in between: whoever comes last must have seen the last bytes.
    if ((await findBytes(services, path, principal)).key === download.key) return count;
  }
  throw new Fault('ServiceBusy', `${target}: its bytes are replaced again and again`);
}

async function describe(services: Services, principal: Principal, download: Download): Promise<number> {
  const { node } = download;
  const kind = extractable(node.properties, download.path.at(-1) ?? '');
  const found = kind && download.key ? await extract(services, download, kind) : [];
  const kept = found.filter(({ value }) => illegalCharacter(value) === undefined);
  const named = new Set(kept.map(({ uri }) => uri));
  const former = node.properties.filter(({ uri }) => (uri.startsWith(FITS_KEYWORD) || uri.startsWith(VOTABLE_PART)) && !named.has(uri));
  const properties = [...kept, ...former.map(({ uri }) => ({ uri, value: null }))];
  if (properties.length > 0)
    await services.spaces.at(download.path, principal, 'modify', ({ space, call }) => space.update(call, { type: node.type, properties }));
  return kept.length;
}

async function extract(services: Services, download: Download, kind: Extractable): Promise<Extracted> {
  const { size } = download.node;
  const open = async (start: number): Promise<ReadableStream<Uint8Array>> =>
    (await openDownload(services, download, { start, end: size - 1 })) ?? new Blob([]).stream();
  if (kind === 'votable') return extractTable(await open(0));
  const source = new SeekingReader(open);
  try {
    const first = await readFitsHeaders(source, size).next();
    return first.done ? [] : fitsProperties(first.value);
  } finally {
    await source.close();
  }
}

async function extractTable(stream: ReadableStream<Uint8Array>): Promise<Extracted> {
  const found: Extracted[] = [];
  const table = new VotableReader({
    fields: (fields, description, name) => void found.push(votableProperties(name, description, fields)),
    row: () => undefined,
  });
  const reader = new ByteReader(stream);
  try {
    for (let part = await reader.part(); part && found.length === 0; part = await reader.part()) {
      if (reader.position > MAX_HEAD) throw new Fault('InvalidArgument', `the VOTable has no fields in its first ${MAX_HEAD} bytes`);
      try {
        table.push(part);
      } catch (error) {
        // What is wrong with the rows behind the fields does not matter here.
        if (found.length === 0 || !asFault(error)) throw error;
      }
    }
    if (found.length === 0) table.end();
    return found[0] ?? [];
  } finally {
    await reader.cancel();
  }
}
