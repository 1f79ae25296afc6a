// Walking through the graph by arrow keys: what has the focus is brought into view.
import { isArrow, neighbourOf } from '../model/neighbours.ts';
import type { Camera } from './camera.ts';
import type { Drawing } from './drawn.ts';
import { boxOf } from './sizes.ts';

/** Pixels that Shift and an arrow move the drawing. */
const STRIDE = 80;

export function walk(event: KeyboardEvent, from: string, { nodes, graph }: Drawing, camera: Camera, picture: SVGSVGElement | null): void {
  const { key } = event;
  if (!picture) return;
  if (isArrow(key) && event.shiftKey) {
    event.preventDefault();
    const [x, y] = { ArrowLeft: [STRIDE, 0], ArrowRight: [-STRIDE, 0], ArrowUp: [0, STRIDE], ArrowDown: [0, -STRIDE] }[key] as [
      number,
      number,
    ];
    camera.pan(x, y);
    return;
  }
  const places = nodes.map(({ node, at }) => ({ id: node.id, ...at }));
  const to = isArrow(key) ? neighbourOf(from, key, places, graph.edges) : { Home: places[0], End: places.at(-1) }[key]?.id;
  const found = nodes.find(({ node }) => node.id === to);
  if (!found) return;
  event.preventDefault();
  camera.keep(boxOf(found.node.kind, found.at));
  picture.querySelector<SVGElement>(`[data-node="${CSS.escape(found.node.id)}"]`)?.focus();
}
