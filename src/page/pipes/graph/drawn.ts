// The graph as it is drawn: laid out by the worker whenever its shape changes, with the lines along which dots run.
import { signal } from '@preact/signals';
import { askForLayout } from '../layout-door.ts';
import { curveThrough, pointsAlong } from '../../../model/drawing/curve.ts';
import type { Point, Size } from '../../../model/drawing/points.ts';
import { shapeOf, type GraphEdge, type GraphNode, type PipeGraph } from '../model/graph.ts';
import { SIZES } from './sizes.ts';

export interface DrawnNode {
  readonly node: GraphNode;
  /** Of its middle. */
  readonly at: Point;
}

export interface DrawnEdge {
  readonly key: string;
  readonly edge: GraphEdge;
  readonly path: string;
  readonly line: readonly Point[];
}

export interface Drawing extends Size {
  readonly graph: PipeGraph;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** Points along a line where a dot may be. */
const STEPS = 24;

export class Drawn {
  readonly drawing = signal<Drawing | undefined>(undefined);
  readonly trouble = signal<string | undefined>(undefined);
  #shape = '';

  /** Resolves when it is drawn; at once for the same shape. */
  async draw(graph: PipeGraph): Promise<void> {
    const shape = shapeOf(graph);
    if (shape === this.#shape) return;
    this.#shape = shape;
    try {
      const layout = await askForLayout(graph, SIZES);
      // Another shape may have come meanwhile: its layout comes later.
      if (shape !== this.#shape) return;
      const nodes = graph.nodes.map((node) => ({ node, at: layout.nodes[node.id] ?? { x: 0, y: 0 } }));
      const at = new Map(nodes.map((one) => [one.node.id, one]));
      const edges = graph.edges.map((edge) => {
        const points = fromSideToSide(layout.edges[`${edge.from}\n${edge.to}`] ?? [], at.get(edge.from), at.get(edge.to));
        return { key: `${edge.from}\n${edge.to}`, edge, path: curveThrough(points), line: pointsAlong(points, STEPS) };
      });
      this.drawing.value = { graph, nodes, edges, width: layout.width, height: layout.height };
      this.trouble.value = undefined;
    } catch (thrown) {
      this.#shape = '';
      this.trouble.value = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}

/** Out of the right side of what it comes from, past what is between, and into the left side of what it leads to. */
function fromSideToSide(bends: readonly Point[], from: DrawnNode | undefined, to: DrawnNode | undefined): readonly Point[] {
  if (!from || !to) return bends;
  const begin = { x: from.at.x + SIZES[from.node.kind].width / 2, y: from.at.y };
  const end = { x: to.at.x - SIZES[to.node.kind].width / 2, y: to.at.y };
  return [begin, ...bends, end];
}
