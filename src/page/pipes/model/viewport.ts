// Which part of a drawing is seen: moved, magnified about a point, and fitted.
import type { Point, Size } from '../../../model/drawing/points.ts';

/** A point of the drawing at x, y is seen at x·scale + this.x, … */
export interface Viewport extends Point {
  readonly scale: number;
}

export const [LEAST, MOST] = [0.15, 2.5];
/** A few things are not blown up to the size of the window. */
const LARGE = 1.4;

export function zoomed(view: Viewport, factor: number, about: Point): Viewport {
  const scale = Math.max(LEAST, Math.min(MOST, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: about.x - (about.x - view.x) * by, y: about.y - (about.y - view.y) * by };
}

export function panned(view: Viewport, x: number, y: number): Viewport {
  return { ...view, x: view.x + x, y: view.y + y };
}

/** What is written in the drawing can be read down to here. */
export const READABLE = 0.75;

/** All of it in the middle, and not much larger than it was drawn; where that is less than `least`, as much as there is room for, from its beginning. */
export function fitted(drawing: Size, window: Size, least = LEAST, margin = 24): Viewport {
  const room = { width: Math.max(1, window.width - 2 * margin), height: Math.max(1, window.height - 2 * margin) };
  const scale = Math.max(least, Math.min(LARGE, room.width / Math.max(1, drawing.width), room.height / Math.max(1, drawing.height)));
  const place = (room: number, length: number): number => Math.max(margin, (room - length * scale) / 2);
  return { scale, x: place(window.width, drawing.width), y: place(window.height, drawing.height) };
}

/** Moved as little as needed for this to be seen whole. */
export function showing(view: Viewport, box: Point & Size, window: Size, margin = 16): Viewport {
  const shift = (from: number, to: number, room: number): number =>
    from < margin ? margin - from : to > room - margin ? Math.max(margin - from, room - margin - to) : 0;
  const [left, top] = [box.x * view.scale + view.x, box.y * view.scale + view.y];
  return panned(view, shift(left, left + box.width * view.scale, window.width), shift(top, top + box.height * view.scale, window.height));
}
