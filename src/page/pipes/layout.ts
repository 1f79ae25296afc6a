// Where everything in the graph stands: dagre's layered layout, from left to right. It runs in a worker, so that it may take its time.
import { Graph, layout as layOut } from '@dagrejs/dagre';
import type { PipeGraph } from './model/graph.ts';
import type { Point } from './model/curve.ts';
import type { Size } from './model/viewport.ts';

export interface Layout extends Size {
  /** The middles of nodes, by their ids. */
  readonly nodes: Readonly<Record<string, Point>>;
  /** By `from`, a line break, and `to`. */
  readonly edges: Readonly<Record<string, readonly Point[]>>;
}

export function layoutOf({ nodes, edges }: PipeGraph, sizes: Readonly<Record<string, Size>>): Layout {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 56, edgesep: 16, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, kind } of nodes) graph.setNode(id, { ...sizes[kind] });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layOut(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    nodes: Object.fromEntries(nodes.map(({ id }) => [id, pointOf(graph.node(id))])),
    edges: Object.fromEntries(edges.map(({ from, to }) => [`${from}\n${to}`, (graph.edge(from, to) as { points: Point[] }).points])),
  };
}

function pointOf(node: unknown): Point {
  const { x, y } = node as Point;
  return { x, y };
}
