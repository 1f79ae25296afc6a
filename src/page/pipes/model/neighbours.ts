// Where an arrow key leads in the graph: along its lines to the sides, to what stands above or below up and down.
import type { GraphEdge } from './graph.ts';
import type { Point } from '../../../model/drawing/points.ts';

export interface Placed extends Point {
  readonly id: string;
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function isArrow(key: string): key is Arrow {
  return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(key);
}

/** Undefined where nothing is in that direction. x and y are of the middle. */
export function neighbourOf(id: string, arrow: Arrow, nodes: readonly Placed[], edges: readonly GraphEdge[]): string | undefined {
  const here = nodes.find((node) => node.id === id);
  if (!here) return nodes[0]?.id;
  const sideways = arrow === 'ArrowLeft' || arrow === 'ArrowRight';
  if (sideways) {
    const ends = edges.flatMap(({ from, to }) => (arrow === 'ArrowRight' ? (from === id ? [to] : []) : to === id ? [from] : []));
    const joined = nodes.filter((node) => ends.includes(node.id));
    const nearest = closest(joined, (node) => Math.abs(node.y - here.y));
    if (nearest) return nearest.id;
  }
  const ahead = (node: Placed): number =>
    ({ ArrowLeft: here.x - node.x, ArrowRight: node.x - here.x, ArrowUp: here.y - node.y, ArrowDown: node.y - here.y })[arrow];
  const aside = (node: Placed): number => Math.abs(sideways ? node.y - here.y : node.x - here.x);
  const beyond = nodes.filter((node) => ahead(node) > 1);
  // What is beside the way counts thrice: an arrow goes straight where it can.
  return closest(beyond, (node) => ahead(node) + 3 * aside(node))?.id;
}

function closest(nodes: readonly Placed[], far: (node: Placed) => number): Placed | undefined {
  return nodes.reduce<Placed | undefined>((best, node) => (best === undefined || far(node) < far(best) ? node : best), undefined);
}
