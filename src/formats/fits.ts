// Reads the headers of a FITS file, one HDU after the other; data are skipped (FITS 4.0 sections 3 and 4).
import { Fault } from '../faults.ts';
import type { SeekingReader } from './seeking-reader.ts';

const BLOCK = 2880;
const CARD = 80;
const MAX_HDUS = 10_000;
/** Blocks of one header: 36 cards each. */
const MAX_BLOCKS = 2000;

/** The cards of one header, END included, each without the blanks at its end. */
export type Cards = readonly string[];

/** Throws InvalidArgument for what is no FITS, or cut off. What follows the last HDU and is no HDU is left out (section 3.5). */
export async function* readFitsHeaders(source: SeekingReader, size: number): AsyncGenerator<Cards> {
  let at = 0;
  for (let hdu = 0; at < size; hdu++) {
    if (hdu >= MAX_HDUS) throw refuse(`it has more than ${MAX_HDUS} HDUs`);
    const cards: string[] = [];
    for (let blocks = 0; cards.at(-1) !== 'END'; blocks++) {
      if (blocks >= MAX_BLOCKS) throw refuse(`a header has more than ${MAX_BLOCKS * 36} cards`);
      const block = at + BLOCK > size ? undefined : await (await source.at(at, 'an HDU')).exactly(BLOCK, 'a header');
      if (!block) throw refuse(hdu === 0 && blocks === 0 ? 'it is shorter than a header' : 'it ends in the middle of a header');
      const text = String.fromCharCode(...block);
      if (blocks === 0 && !(hdu === 0 ? /^SIMPLE {2}=/ : /^XTENSION=/).test(text)) {
        if (hdu === 0) throw refuse('it does not begin with SIMPLE');
        return;
      }
      if (/[^\x20-\x7e]/.test(text)) throw refuse('a header has characters that are not ASCII');
      for (let card = 0; card < BLOCK && cards.at(-1) !== 'END'; card += CARD) cards.push(text.slice(card, card + CARD).trimEnd());
      at += BLOCK;
    }
    yield cards;
    at += Math.ceil(dataBytes(cards) / BLOCK) * BLOCK;
  }
}

/** The value of a keyword, without quotes and comment; undefined where it has none. Long values are joined (section 4.2.1.2). */
export function valueOf(cards: Cards, at: number): string | undefined {
  const card = cards[at] ?? '';
  if (!/^[A-Z0-9_-]{1,8} *$/.test(card.slice(0, 8)) || card.slice(8, 10) !== '= ') return undefined;
  const field = card.slice(10).trimStart();
  if (!field.startsWith("'")) return field.replace(/\/.*$/, '').trim();
  const parts = [quotedText(field)];
  for (let next = at + 1; parts.at(-1)?.endsWith('&') === true && cards[next]?.startsWith('CONTINUE  ') === true; next++) {
    parts.push((parts.pop() ?? '').slice(0, -1), quotedText((cards[next] ?? '').slice(10).trimStart()));
  }
  return parts.join('');
}

/** "Leading blanks are significant, trailing blanks are not"; a quote is doubled. */
function quotedText(field: string): string {
  const [, text = ''] = /^'((?:[^']|'')*)/.exec(field) ?? [];
  return text.replaceAll("''", "'").trimEnd();
}

/** Bytes of the data behind a header, without what fills their last block. Throws InvalidArgument. */
export function dataBytes(cards: Cards): number {
  // The first card of each: a header may have 72,000 cards and name 999 axes.
  const first = new Map<string, number>();
  for (let at = cards.length - 1; at >= 0; at--) first.set((cards[at] ?? '').slice(0, 8).trimEnd(), at);
  const number = (key: string, otherwise: number): number => {
    const found = first.get(key);
    const value = found === undefined ? otherwise : Number(valueOf(cards, found));
    if (!Number.isSafeInteger(value)) throw refuse(`${key} is no number`);
    return value;
  };
  const axes = number('NAXIS', 0);
  if (axes < 0 || axes > 999) throw refuse(`NAXIS is ${axes}`);
  if (axes === 0) return 0;
  const sizes = Array.from({ length: axes }, (_, i) => number(`NAXIS${i + 1}`, 0));
  // Random groups: the first axis is 0 and does not count.
  const groups = cards.some((card) => /^GROUPS {2}= +T/.test(card)) && sizes[0] === 0;
  const pixels = (groups ? sizes.slice(1) : sizes).reduce((product, size) => product * size, 1);
  const bytes = (Math.abs(number('BITPIX', 8)) / 8) * number('GCOUNT', 1) * (number('PCOUNT', 0) + pixels);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw refuse('its data have an impossible size');
  return bytes;
}

function refuse(why: string): Fault {
  return new Fault('InvalidArgument', `the data are no FITS: ${why}`);
}
