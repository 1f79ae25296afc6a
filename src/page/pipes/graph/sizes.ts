// How large what stands in the graph is, in units of the drawing: one for each pixel where it is not magnified.
import type { GraphNode } from '../model/graph.ts';
import type { Point, Size } from '../../../model/drawing/points.ts';

export const SIZES: Readonly<Record<GraphNode['kind'], Size>> = {
  container: { width: 184, height: 44 },
  pipe: { width: 216, height: 76 },
  group: { width: 184, height: 44 },
};

export function boxOf(kind: GraphNode['kind'], middle: Point): Point & Size {
  const { width, height } = SIZES[kind];
  return { x: middle.x - width / 2, y: middle.y - height / 2, width, height };
}
