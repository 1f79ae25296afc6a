// Which rows stand where. A browser's elements end at some 33 million pixels, and move in coarse steps long before: beyond MAX_HEIGHT the scroll bar stands for
// the whole list proportionally, while the wheel, fingers and keys go pixel by pixel all the same.

/** Pixels of what is scrolled. */
export const MAX_HEIGHT = 4_000_000;
/** Rows before and behind those in sight. */
const MARGIN = 8;
/** Rows that are there at most, however high the screen. */
export const MOST_ROWS = 180;

export interface Frame {
  readonly rowHeight: number;
  /** Of what can be seen of the rows. */
  readonly viewHeight: number;
  readonly total: number;
}

/** `top`: the pixel of the whole list at the upper edge; `scrollTop`: what the scroll bar has for it. */
export interface Scroll {
  readonly top: number;
  readonly scrollTop: number;
}

export const AT_TOP: Scroll = { top: 0, scrollTop: 0 };

/** Of the element that is scrolled. */
export function heightOf({ rowHeight, total }: Frame): number {
  return Math.min(MAX_HEIGHT, total * rowHeight);
}

/** The scroll bar has moved: a little, which is taken as it is, or to another place. */
export function follow(before: Scroll, scrollTop: number, frame: Frame): Scroll {
  if (isPlain(frame)) return { top: scrollTop, scrollTop };
  const by = scrollTop - before.scrollTop;
  const near = Math.abs(by) <= 2 * frame.viewHeight;
  const top = near ? before.top + by : (scrollTop / longest(frame)) * farthest(frame);
  const ended = scrollTop <= 0 ? 0 : scrollTop >= longest(frame) ? farthest(frame) : undefined;
  // At the bar's ends there is nowhere to go: where much is left, the bar gives way instead (`settle`).
  if (ended !== undefined && (!near || Math.abs(top - ended) < frame.viewHeight)) return { top: ended, scrollTop };
  return { top: clamp(top, farthest(frame)), scrollTop };
}

/** Has that pixel at the upper edge. */
export function scrollTo(top: number, frame: Frame): Scroll {
  const at = clamp(Math.round(top), farthest(frame));
  return { top: at, scrollTop: isPlain(frame) ? at : proportional(at, frame) };
}

/** Where the bar should be for what is in sight, when nothing moves; the same object where it is good enough. */
export function settle(scroll: Scroll, frame: Frame): Scroll {
  if (isPlain(frame)) return scroll;
  const scrollTop = proportional(scroll.top, frame);
  return Math.abs(scrollTop - scroll.scrollTop) < 1 ? scroll : { top: scroll.top, scrollTop };
}

/** The least movement that has a row in sight. */
export function reveal(index: number, scroll: Scroll, frame: Frame): Scroll {
  const [above, below] = [index * frame.rowHeight, (index + 1) * frame.rowHeight];
  if (above < scroll.top) return scrollTo(above, frame);
  if (below > scroll.top + frame.viewHeight) return scrollTo(below - frame.viewHeight, frame);
  return scroll;
}

export interface Window {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
  /** Pixels from the beginning of the element that is scrolled to the first of them. */
  readonly offset: number;
}

export function windowOf({ top, scrollTop }: Scroll, { rowHeight, viewHeight, total }: Frame): Window {
  const wanted = Math.floor(top / rowHeight) - MARGIN;
  // In steps, so that not every row that goes by is work.
  const first = Math.max(0, wanted - (wanted % 4));
  const end = Math.min(total, first + Math.min(MOST_ROWS, Math.ceil(viewHeight / rowHeight) + 2 * MARGIN + 4));
  return { first: Math.min(first, end), end, offset: first * rowHeight + (scrollTop - top) };
}

function isPlain({ rowHeight, total }: Frame): boolean {
  return total * rowHeight <= MAX_HEIGHT;
}

function farthest({ rowHeight, viewHeight, total }: Frame): number {
  return Math.max(0, total * rowHeight - viewHeight);
}

function longest(frame: Frame): number {
  return Math.max(1, heightOf(frame) - frame.viewHeight);
}

function proportional(top: number, frame: Frame): number {
  return Math.round((top / Math.max(1, farthest(frame))) * longest(frame));
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
