// A FITS file's headers: what each HDU is, where its data lie, and which cards tell most.
import { dataBytes, readFitsHeaders, valueOf, type Cards } from '../../formats/fits.ts';
import { SeekingReader } from '../../formats/seeking-reader.ts';
import type { Bytes } from './bytes.ts';
import { streamOf } from './stream-of.ts';

export interface Hdu {
  readonly index: number;
  readonly name: string;
  /** IMAGE, BINTABLE, TABLE … */
  readonly kind: string;
  readonly axes: readonly number[];
  readonly bitpix: number;
  readonly cards: Cards;
  /** Where its data begin. */
  readonly dataAt: number;
}

/** Keywords that people look for first. */
const MAIN = ['OBJECT', 'TELESCOP', 'INSTRUME', 'FILTER', 'DATE-OBS', 'EXPTIME', 'RA', 'DEC', 'OBSERVER', 'BUNIT', 'CTYPE1', 'CTYPE2'];
const BLOCK = 2880;
const CARDS_PER_BLOCK = 36;

/** HDUs that are read at most: files may have ten thousand, each of which is a question to the store. */
export const MOST_HDUS = 200;

export async function* readHdus(bytes: Bytes, size: number): AsyncGenerator<Hdu> {
  const source = new SeekingReader(async (start) => streamOf(await bytes.open(start)));
  let [at, index] = [0, 0];
  try {
    for await (const cards of readFitsHeaders(source, size)) {
      const dataAt = at + Math.ceil(cards.length / CARDS_PER_BLOCK) * BLOCK;
      yield describe(index, cards, dataAt);
      if (++index >= MOST_HDUS) return;
      at = dataAt + Math.ceil(dataBytes(cards) / BLOCK) * BLOCK;
    }
  } finally {
    await source.close();
  }
}

export function describe(index: number, cards: Cards, dataAt: number): Hdu {
  const axes = Array.from({ length: whole(cards, 'NAXIS') }, (_, i) => whole(cards, `NAXIS${i + 1}`));
  const kind = index === 0 ? 'IMAGE' : (textOf(cards, 'XTENSION') ?? '').trim();
  return {
    index,
    name: textOf(cards, 'EXTNAME') ?? (index === 0 ? 'PRIMARY' : ''),
    kind,
    axes,
    bitpix: whole(cards, 'BITPIX'),
    cards,
    dataAt,
  };
}

/** The main cards that this header has: keyword and value. */
export function mainCards(cards: Cards): readonly (readonly [string, string])[] {
  return MAIN.flatMap((key) => {
    const value = textOf(cards, key);
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
}

export function textOf(cards: Cards, key: string): string | undefined {
  const at = cards.findIndex((card) => card.slice(0, 8).trimEnd() === key);
  return at < 0 ? undefined : valueOf(cards, at);
}

export function numberOf(cards: Cards, key: string, otherwise: number): number {
  const value = Number(textOf(cards, key) ?? otherwise);
  return Number.isFinite(value) ? value : otherwise;
}

function whole(cards: Cards, key: string): number {
  return Math.trunc(numberOf(cards, key, 0));
}
