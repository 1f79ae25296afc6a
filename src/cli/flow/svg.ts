// A flow drawn as SVG: a picture that stands by itself, on light and on dark paper.
import { CHARACTER, layOut, LINE, type Placed } from './layout.ts';
import type { DrawnEdge, Drawing } from './drawing.ts';

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2933}.small{fill:#52606d;font-size:11px}.container{fill:#e3f2fd;stroke:#1565c0}
.stage{fill:#fff3e0;stroke:#e65100}.pipe{fill:none;stroke:#1565c0;stroke-width:1.6}.way{fill:none;stroke:#e65100;stroke-width:1.4;stroke-dasharray:5 3}
.label{paint-order:stroke;stroke:#fff;stroke-width:4px}
@media (prefers-color-scheme:dark){svg{background:#111820}text{fill:#e4e7eb}.small{fill:#9aa5b1}.container{fill:#102a43;stroke:#64b5f6}
.stage{fill:#3e2723;stroke:#ffb74d}.pipe{stroke:#64b5f6}.way{stroke:#ffb74d}.label{stroke:#111820}}`;

export function toSvg({ title, nodes, edges }: Drawing): string {
  const { placed, width, height } = layOut(nodes, edges);
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">',
    '<path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>',
    ...edges.map((edge) => lineOf(edge, placed)),
    ...[...placed.values()].map(boxOf),
    ...edges.map((edge, i) => labelOf(edge, placed, edges.slice(0, i))),
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

interface Way {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function wayOf({ from, to }: DrawnEdge, placed: ReadonlyMap<string, Placed>): Way | undefined {
  const [one, other] = [placed.get(from), placed.get(to)];
  return one && other && { x1: one.x + one.width, y1: one.y + one.height / 2, x2: other.x - 2, y2: other.y + other.height / 2 };
}

function lineOf(edge: DrawnEdge, placed: ReadonlyMap<string, Placed>): string {
  const way = wayOf(edge, placed);
  if (!way) return '';
  const { x1, y1, x2, y2 } = way;
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  const path = `M${n(x1)} ${n(y1)}C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
  return `<path class="${edge.kind === 'pipe' ? 'pipe' : 'way'}" d="${path}" marker-end="url(#tip)"/>`;
}

/** In the middle of its edge, a line higher for each that is there already. */
function labelOf(edge: DrawnEdge, placed: ReadonlyMap<string, Placed>, before: readonly DrawnEdge[]): string {
  const way = wayOf(edge, placed);
  if (!way || edge.label === '') return '';
  const twins = before.filter(({ from, to, label }) => from === edge.from && to === edge.to && label !== '').length;
  const [x, y] = [(way.x1 + way.x2) / 2, (way.y1 + way.y2) / 2 - 6 - twins * LINE];
  return `<text class="small label" x="${n(x)}" y="${n(y)}" text-anchor="middle">${escaped(edge.label)}</text>`;
}

function boxOf({ node, x, y, width, height }: Placed): string {
  const round = node.kind === 'stage' ? Math.min(18, height / 2) : 4;
  const box = `<rect class="${node.kind}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(round)}"/>`;
  const lines = node.lines.map((line, i) => {
    const room = Math.floor(width / (CHARACTER - 1));
    return `<text${i > 0 ? ' class="small"' : ''} x="${n(x + width / 2)}" y="${n(y + 5 + (i + 0.75) * LINE)}" text-anchor="middle">${escaped(line.slice(0, room))}</text>`;
  });
  return `<g>${box}${lines.join('')}</g>`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- XML has no way to write them
  return text.replaceAll(/[\u0000-\u001F]/g, ' ').replaceAll(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}
