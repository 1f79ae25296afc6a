// A flow drawn as SVG: a picture that stands by itself, on light and on dark paper.
import { curveThrough } from '../../model/drawing/curve.ts';
import { layOut } from '../../model/drawing/layout.ts';
import type { Point, Size } from '../../model/drawing/points.ts';
import type { DrawnEdge, DrawnNode, Drawing } from './drawing.ts';

const LINE = 16;
const PADDING = 10;
/** Of a character, in the mean. */
const CHARACTER = 7;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2933}.small{fill:#52606d;font-size:11px}.container{fill:#e3f2fd;stroke:#1565c0}
.stage{fill:#fff3e0;stroke:#e65100}.pipe{fill:none;stroke:#1565c0;stroke-width:1.6}.way{fill:none;stroke:#e65100;stroke-width:1.4;stroke-dasharray:5 3}
.label{paint-order:stroke;stroke:#fff;stroke-width:4px}
@media (prefers-color-scheme:dark){svg{background:#111820}text{fill:#e4e7eb}.small{fill:#9aa5b1}.container{fill:#102a43;stroke:#64b5f6}
.stage{fill:#3e2723;stroke:#ffb74d}.pipe{stroke:#64b5f6}.way{stroke:#ffb74d}.label{stroke:#111820}}`;

export function toSvg({ title, nodes, edges }: Drawing): string {
  const sizes = new Map(nodes.map((node) => [node.id, sizeOf(node)]));
  const { boxes, bends, width, height } = layOut(
    Array.from(sizes, ([id, size]) => ({ id, ...size })),
    edges.map(({ from, to, label }) => ({ from, to, room: label.length * CHARACTER + 24 })),
  );
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const lines = edges.map(({ from, to }, i) => {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    const [one = 0, other = 0] = [from, to].map((id) => (sizes.get(id)?.width ?? 0) / 2);
    return start && end ? [{ ...start, x: start.x + one }, ...(bends[i] ?? []), { ...end, x: end.x - other - 2 }] : [];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">',
    '<path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>',
    ...edges.map(
      ({ kind }, i) => `<path class="${kind === 'pipe' ? 'pipe' : 'way'}" d="${curveThrough(lines[i] ?? [])}" marker-end="url(#tip)"/>`,
    ),
    ...nodes.map((node) => boxOf(node, boxes.get(node.id) ?? { x: 0, y: 0 }, sizeOf(node))),
    ...edges.map((edge, i) => labelOf(edge, lines[i] ?? [], edges.slice(0, i))),
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

function sizeOf({ lines }: DrawnNode): Size {
  return {
    width: Math.max(60, ...lines.map((line) => line.length * CHARACTER + 2 * PADDING)),
    height: lines.length * LINE + PADDING,
  };
}

/** Where its edge begins, a line higher for each that is there already. */
function labelOf({ from, to, label }: DrawnEdge, [start, next]: readonly Point[], before: readonly DrawnEdge[]): string {
  if (!start || !next || label === '') return '';
  const twins = before.filter((one) => from === one.from && to === one.to && one.label !== '').length;
  const [x, y] = [(start.x + next.x) / 2, (start.y + next.y) / 2 - 6 - twins * LINE];
  return `<text class="small label" x="${n(x)}" y="${n(y)}" text-anchor="middle">${escaped(label)}</text>`;
}

function boxOf({ kind, lines }: DrawnNode, { x, y }: Point, { width, height }: Size): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const round = kind === 'stage' ? Math.min(18, height / 2) : 4;
  const box = `<rect class="${kind}" x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" rx="${n(round)}"/>`;
  const texts = lines.map((line, i) => {
    const room = Math.floor(width / (CHARACTER - 1));
    return `<text${i > 0 ? ' class="small"' : ''} x="${n(x)}" y="${n(top + 5 + (i + 0.75) * LINE)}" text-anchor="middle">${escaped(line.slice(0, room))}</text>`;
  });
  return `<g>${box}${texts.join('')}</g>`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- XML has no way to write them
  return text.replaceAll(/[\u0000-\u001F]/g, ' ').replaceAll(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}
