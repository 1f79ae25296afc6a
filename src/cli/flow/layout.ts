// Where the nodes of a small graph stand: in layers from left to right, in each so that few edges cross.
import type { DrawnEdge, DrawnNode } from './drawing.ts';

export interface Placed {
  readonly node: DrawnNode;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly placed: ReadonlyMap<string, Placed>;
  readonly width: number;
  readonly height: number;
}

const SWEEPS = 8;
const MARGIN = 16;
const BETWEEN = 28;
export const LINE = 16;
const PADDING = 10;
/** Of a character, in the mean. */
export const CHARACTER = 7;

export function layOut(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Layout {
  const layers = layersOf(nodes, edges);
  for (let sweep = 0; sweep < SWEEPS; sweep++) arrange(layers, edges, sweep % 2 === 0);
  const size = ({ lines }: DrawnNode) => ({
    width: Math.max(60, ...lines.map((line) => line.length * CHARACTER + 2 * PADDING)),
    height: lines.length * LINE + PADDING,
  });
  const heights = layers.map((layer) => layer.reduce((sum, node) => sum + size(node).height + BETWEEN, -BETWEEN));
  const tallest = Math.max(0, ...heights);
  const placed = new Map<string, Placed>();
  let x = MARGIN;
  for (const [i, layer] of layers.entries()) {
    const width = Math.max(0, ...layer.map((node) => size(node).width));
    let y = MARGIN + (tallest - (heights[i] ?? 0)) / 2;
    for (const node of layer) {
      const { width: own, height } = size(node);
      placed.set(node.id, { node, x: x + (width - own) / 2, y, width: own, height });
      y += height + BETWEEN;
    }
    const ids = new Set(layer.map(({ id }) => id));
    const longest = Math.max(0, ...edges.filter(({ from }) => ids.has(from)).map(({ label }) => label.length * CHARACTER));
    x += width + (i === layers.length - 1 ? 0 : Math.max(48, longest + 24));
  }
  return { placed, width: x + MARGIN, height: tallest + 2 * MARGIN };
}

/** Each node one layer behind the last of those that lead to it. Where edges lead back, that is not waited for. */
function layersOf(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): DrawnNode[][] {
  const depth = new Map<string, number>();
  const depthOf = (id: string, way: readonly string[]): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    const before = edges.filter(({ from, to }) => to === id && from !== id && !way.includes(from));
    const found = Math.max(0, ...before.map(({ from }) => depthOf(from, [...way, id]) + 1));
    if (way.length === 0 || before.length === edges.filter(({ to }) => to === id).length) depth.set(id, found);
    return found;
  };
  const layers: DrawnNode[][] = [];
  for (const node of nodes) (layers[depthOf(node.id, [])] ??= []).push(node);
  return Array.from(layers, (layer) => layer ?? []);
}

/** Each layer in the order of the middles of what it is joined to in the layer before, or behind. */
function arrange(layers: DrawnNode[][], edges: readonly DrawnEdge[], forward: boolean): void {
  const order = new Map<string, number>();
  const note = (): void => {
    for (const layer of layers) for (const [i, { id }] of layer.entries()) order.set(id, (i + 0.5) / layer.length);
  };
  note();
  for (const layer of forward ? layers : layers.toReversed()) {
    const middle = (id: string): number => {
      const others = edges.flatMap(({ from, to }) => (forward && to === id ? [from] : !forward && from === id ? [to] : []));
      const places = others.map((other) => order.get(other) ?? 0);
      return places.length === 0 ? (order.get(id) ?? 0) : places.reduce((sum, place) => sum + place, 0) / places.length;
    };
    const middles = new Map(layer.map(({ id }) => [id, middle(id)]));
    layer.sort((one, other) => (middles.get(one.id) ?? 0) - (middles.get(other.id) ?? 0));
    note();
  }
}
