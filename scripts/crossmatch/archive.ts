// An archive: cuts its catalogue into chunks, puts them into its VOSpace, and writes them into a pipe.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VospaceError } from '../../src/client/error.ts';
import type { Pipe } from '../../src/client/pipes.ts';
import { uploadMany } from '../../src/client/uploads.ts';
import type { Vospace } from '../../src/client/vospace.ts';
import { inBand, type Band } from './bands.ts';
import { formatChunk, type Catalogue } from './chunk.ts';

export interface Publication {
  readonly catalogue: Catalogue;
  readonly bands: readonly Band[];
  /** Arc seconds beyond the borders of each band. */
  readonly margin: number;
  readonly space: Vospace;
  /** The container that the pipe begins in. */
  readonly container: string;
  readonly pipe: Pipe;
  /** Told the bytes of what has been written. */
  readonly written?: (bytes: number) => void;
}

/** Chunks on their way together. */
const TOGETHER = 6;
const TYPE = 'application/x-votable+xml';
const MOST_TRIES = 10;

/** To its end, which closes the pipe. Whatever is killed meanwhile: a chunk that is sent again is the same. */
export async function publish({ catalogue, bands, margin, space, container, pipe, written }: Publication): Promise<void> {
  for (let begin = 0; begin < bands.length; begin += TOGETHER) {
    const chunks = bands.slice(begin, begin + TOGETHER).map((band) => {
      const bytes = chunkOf(catalogue, band, margin);
      return { name: band.name, bytes, size: bytes.length, md5: createHash('md5').update(bytes).digest('hex') };
    });
    await send(space, container, chunks);
    const last = begin + TOGETHER >= bands.length;
    const ending = last ? { final: true, total: bands.length } : {};
    await pipe.writeAll(
      chunks.map(({ name, size, md5 }) => ({ name, size, md5 })),
      ending,
    );
    written?.(chunks.reduce((sum, { size }) => sum + size, 0));
  }
}

export function chunkOf(catalogue: Catalogue, band: Band, margin: number): Buffer {
  const part = `declination ${band.from} to ${band.to} degrees${margin > 0 ? ` and ${margin} arcsec beyond` : ''}`;
  return formatChunk(catalogue, inBand(catalogue.sources, band, margin), part);
}

/** Until all are there: what a store that was slow, or a service that was killed, has not taken over is sent again. */
async function send(
  space: Vospace,
  container: string,
  chunks: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  let left = chunks;
  for (let tries = 1; left.length > 0; tries++) {
    const files = left.map(({ name, bytes }) => ({ where: `${container}/${name}`, source: bytes, type: TYPE }));
    const results = await uploadMany(space, files);
    for (const result of results) {
      if ('error' in result && !isForAMoment(result.error, tries)) throw result.error;
    }
    left = left.filter((_, i) => 'error' in (results[i] ?? {}));
    if (left.length > 0) await sleep(Math.min(2000, 100 * 2 ** tries));
  }
}

function isForAMoment({ transient, fault }: VospaceError, tries: number): boolean {
  return transient || (tries < MOST_TRIES && (fault === 'PreconditionFailed' || fault === 'NodeBusy'));
}
