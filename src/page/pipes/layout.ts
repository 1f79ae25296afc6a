// Where everything in the graph of pipes stands. It runs in a worker, so that it may take its time.
import { layOut } from '../../model/drawing/layout.ts';
import type { Point, Size } from '../../model/drawing/points.ts';
import type { PipeGraph } from './model/graph.ts';

export interface Layout extends Size {
  /** The middles of nodes, by their ids. */
  readonly nodes: Readonly<Record<string, Point>>;
  /** Where a line passes what is between its ends, by `from`, a line break, and `to`. */
  readonly edges: Readonly<Record<string, readonly Point[]>>;
}

export function layoutOf({ nodes, edges }: PipeGraph, sizes: Readonly<Record<string, Size>>): Layout {
  const boxes = nodes.map(({ id, kind }) => ({ id, ...(sizes[kind] ?? { width: 0, height: 0 }) }));
  const { width, height, boxes: places, bends } = layOut(boxes, edges);
  return {
    width,
    height,
    nodes: Object.fromEntries(places),
    edges: Object.fromEntries(edges.map(({ from, to }, at) => [`${from}\n${to}`, bends[at] ?? []])),
  };
}
