// Where everything in the graph stands: in layers, what nothing joins each by itself. It runs in a worker, so that it may take its time.
import { layered } from './layered.ts';
import type { PipeGraph } from './model/graph.ts';
import type { Point } from './model/curve.ts';
import type { Size } from './model/viewport.ts';

export interface Layout extends Size {
  /** The middles of nodes, by their ids. */
  readonly nodes: Readonly<Record<string, Point>>;
  /** Where a line passes what is between its ends, by `from`, a line break, and `to`. */
  readonly edges: Readonly<Record<string, readonly Point[]>>;
}

/** Units between parts that nothing joins. */
const APART = 48;
/** Width to height that a drawing of many parts comes near. */
const SHAPE = 1.7;

/** Parts that nothing joins are laid out each by itself, and set in columns. */
export function layoutOf(graph: PipeGraph, sizes: Readonly<Record<string, Size>>): Layout {
  const parts = partsOf(graph).map((part) => layoutPart(part, sizes));
  const area = parts.reduce((sum, { width, height }) => sum + (width + APART) * (height + APART), 0);
  const tall = Math.max(Math.sqrt(area / SHAPE), ...parts.map(({ height }) => height));
  let [x, y, column, height] = [0, 0, 0, 0];
  const nodes: Record<string, Point> = {};
  const edges: Record<string, readonly Point[]> = {};
  for (const part of parts) {
    if (y > 0 && y + part.height > tall) [x, y, column] = [x + column + APART, 0, 0];
    const move = (point: Point): Point => ({ x: point.x + x, y: point.y + y });
    for (const [id, at] of Object.entries(part.nodes)) nodes[id] = move(at);
    for (const [id, points] of Object.entries(part.edges)) edges[id] = points.map(move);
    column = Math.max(column, part.width);
    height = Math.max(height, y + part.height);
    y += part.height + APART;
  }
  return { nodes, edges, width: x + column, height };
}

function partsOf({ nodes, edges }: PipeGraph): readonly PipeGraph[] {
  const of = new Map<string, string>();
  const root = (id: string): string => {
    const up = of.get(id);
    return up === undefined ? id : root(up);
  };
  for (const { from, to } of edges) {
    const [one, other] = [root(from), root(to)];
    if (one !== other) of.set(one, other);
  }
  const parts = Map.groupBy(nodes, ({ id }) => root(id));
  const lines = Map.groupBy(edges, ({ from }) => root(from));
  return Array.from(parts, ([id, some]) => ({ nodes: some, edges: lines.get(id) ?? [] }));
}

function layoutPart({ nodes, edges }: PipeGraph, sizes: Readonly<Record<string, Size>>): Layout {
  const boxes = nodes.map(({ id, kind }) => ({ id, ...(sizes[kind] ?? { width: 0, height: 0 }) }));
  const { width, height, boxes: places, bends } = layered(boxes, edges);
  return {
    width,
    height,
    nodes: Object.fromEntries(places),
    edges: Object.fromEntries(edges.map(({ from, to }, at) => [`${from}\n${to}`, bends[at] ?? []])),
  };
}
