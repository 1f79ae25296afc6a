// Where everything in a graph stands: in layers, what nothing joins each by itself.
import { grouped, layered, type Box, type Layered, type Line } from './layered.ts';
import type { Point } from './points.ts';

/** Units between parts that nothing joins. */
const APART = 48;
/** Width to height that a drawing of many parts comes near. */
const SHAPE = 1.7;

/** Parts that nothing joins are laid out each by itself, and set in columns. Lines end at boxes. */
export function layOut(boxes: readonly Box[], lines: readonly Line[]): Layered {
  const parts = partsOf(boxes, lines).map((part) => ({ ...part, drawn: layered(part.boxes, part.lines) }));
  const area = parts.reduce((sum, { drawn }) => sum + (drawn.width + APART) * (drawn.height + APART), 0);
  const tall = Math.max(Math.sqrt(area / SHAPE), ...parts.map(({ drawn }) => drawn.height));
  let [x, y, column, height] = [0, 0, 0, 0];
  const places = new Map<string, Point>();
  const bends = new Map<Line, readonly Point[]>();
  for (const { drawn, lines: some } of parts) {
    if (y > 0 && y + drawn.height > tall) [x, y, column] = [x + column + APART, 0, 0];
    const move = (point: Point): Point => ({ x: point.x + x, y: point.y + y });
    for (const [id, at] of drawn.boxes) places.set(id, move(at));
    for (const [i, line] of some.entries()) bends.set(line, (drawn.bends[i] ?? []).map(move));
    column = Math.max(column, drawn.width);
    height = Math.max(height, y + drawn.height);
    y += drawn.height + APART;
  }
  return { boxes: places, bends: lines.map((line) => bends.get(line) ?? []), width: x + column, height };
}

function partsOf(
  boxes: readonly Box[],
  lines: readonly Line[],
): readonly { readonly boxes: readonly Box[]; readonly lines: readonly Line[] }[] {
  const of = new Map<string, string>();
  const root = (id: string): string => {
    const up = of.get(id);
    return up === undefined ? id : root(up);
  };
  for (const { from, to } of lines) {
    const [one, other] = [root(from), root(to)];
    if (one !== other) of.set(one, other);
  }
  const linesOf = grouped(lines, ({ from }) => root(from));
  return Array.from(
    grouped(boxes, ({ id }) => root(id)),
    ([id, some]) => ({ boxes: some, lines: linesOf.get(id) ?? [] }),
  );
}
