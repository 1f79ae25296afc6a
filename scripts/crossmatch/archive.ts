// An archive: cuts its catalogue into chunks, puts them into its VOSpace, and writes them into a pipe.
import { createHash } from 'node:crypto';
import type { Pipe } from '../../src/client/pipes.ts';
import type { Source } from '../../src/cli/pipe/source.ts';
import { bring } from '../../src/cli/stage/bring.ts';
import { patiently } from '../../src/cli/stage/patience.ts';
import { inBand, type Band } from './bands.ts';
import { formatChunk, VOTABLE, type Catalogue } from './chunk.ts';

export interface Publication {
  readonly catalogue: Catalogue;
  readonly bands: readonly Band[];
  /** Arc seconds beyond the borders of each band. */
  readonly margin: number;
  /** The container that the pipe begins in. */
  readonly source: Source;
  readonly pipe: Pipe;
  /** Told the bytes of what has been written. */
  readonly written?: (bytes: number) => void;
}

/** Chunks on their way together. */
const TOGETHER = 6;

/** To its end, which closes the pipe. Whatever is killed meanwhile: a chunk that is sent again is the same. */
export async function publish({ catalogue, bands, margin, source, pipe, written }: Publication): Promise<void> {
  const { signal } = new AbortController();
  for (let begin = 0; begin < bands.length; begin += TOGETHER) {
    const files = bands
      .slice(begin, begin + TOGETHER)
      .map((band) => ({ name: band.name, content: { data: chunkOf(catalogue, band, margin) }, type: VOTABLE }));
    const chunks = files.map(({ name, content: { data } }) => ({
      name,
      size: data.length,
      md5: createHash('md5').update(data).digest('hex'),
    }));
    const ending = begin + TOGETHER >= bands.length ? { final: true, total: bands.length } : {};
    await patiently(() => bring(source, files, () => pipe.writeAll(chunks, ending), signal), signal);
    written?.(chunks.reduce((sum, { size }) => sum + size, 0));
  }
}

export function chunkOf(catalogue: Catalogue, band: Band, margin: number): Buffer {
  const part = `declination ${band.from} to ${band.to} degrees${margin > 0 ? ` and ${margin} arcsec beyond` : ''}`;
  return formatChunk(catalogue, inBand(catalogue.sources, band, margin), part);
}
