// The line of an edge through the points that the layout has given it: as a path, and as places along it for what moves there.
import type { Point } from './points.ts';

/** A smooth path through all points that leaves and arrives level, as a graph that reads from left to right wants. */
export function curveThrough(points: readonly Point[]): string {
  return segmentsOf(points)
    .map(([from, one, two, to], i) => `${i === 0 ? `M${pair(from)}` : ''}C${pair(one)} ${pair(two)} ${pair(to)}`)
    .join('');
}

/** So many points along the same line, the first and the last included. */
export function pointsAlong(points: readonly Point[], count: number): readonly Point[] {
  const segments = segmentsOf(points);
  if (segments.length === 0) return points;
  return Array.from({ length: count }, (_, i) => {
    const at = (i / (count - 1)) * segments.length;
    const index = Math.min(segments.length - 1, Math.floor(at));
    const segment = segments[index];
    return segment ? bezier(segment, at - index) : { x: 0, y: 0 };
  });
}

/** The place on a line of such points after a part of it, 0 to 1. */
export function placeAt(line: readonly Point[], part: number): Point {
  const at = Math.max(0, Math.min(1, part)) * (line.length - 1);
  const [from, to] = [line[Math.floor(at)], line[Math.ceil(at)]];
  if (!from || !to) return { x: 0, y: 0 };
  const rest = at - Math.floor(at);
  return { x: from.x + (to.x - from.x) * rest, y: from.y + (to.y - from.y) * rest };
}

type Segment = readonly [Point, Point, Point, Point];

function segmentsOf(points: readonly Point[]): readonly Segment[] {
  return points.slice(1).map((to, i) => {
    const from = points[i] ?? to;
    const half = (to.x - from.x) / 2;
    return [from, { x: from.x + half, y: from.y }, { x: to.x - half, y: to.y }, to];
  });
}

function bezier([a, b, c, d]: Segment, t: number): Point {
  const s = 1 - t;
  const at = (axis: 'x' | 'y'): number => s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis];
  return { x: at('x'), y: at('y') };
}

const pair = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
const round = (n: number): number => Math.round(n * 10) / 10;
