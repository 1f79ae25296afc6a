// Draws the whole sky as SVG: two catalogues and their matches in Mollweide's projection, which keeps areas, right ascension growing to the left.
import type { Position } from './source.ts';
import { DEGREE } from './sphere.ts';

export interface Layer {
  readonly label: string;
  readonly positions: readonly Position[];
  readonly colour: string;
  /** Of a dot, in units of the drawing: the sky is 1,200 wide. */
  readonly size: number;
  /** Of the positions, where they are few enough to be told. */
  readonly names?: readonly string[];
}

const WIDTH = 1200;
const HEIGHT = WIDTH / 2;
const HEAD = 60;
const FOOT = 62;
const EDGE = 24;
/** Right ascension in the middle, degrees. */
const MIDDLE = 180;

/** `title` and `note` are lines above and below. */
export function drawSky(title: string, note: string, layers: readonly Layer[]): string {
  const legend = layers.map(({ label, colour, positions }, i) => {
    const x = EDGE + i * 400;
    const y = HEAD + HEIGHT + 22;
    return `<circle cx="${x + 5}" cy="${y - 4}" r="5" fill="${colour}"/><text x="${x + 16}" y="${y}">${escape(label)}: ${positions.length.toLocaleString('en')}</text>`;
  });
  const [width, height] = [WIDTH + 2 * EDGE, HEAD + HEIGHT + FOOT];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="17" fill="#d7deea">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="#0b1020"/>
<text x="${EDGE}" y="38" font-size="24">${escape(title)}</text>
<g transform="translate(${EDGE} ${HEAD})">
<ellipse cx="${WIDTH / 2}" cy="${HEIGHT / 2}" rx="${WIDTH / 2}" ry="${HEIGHT / 2}" fill="#111a33"/>
${layers.map(dots).join('\n')}
<path d="${grid()}" fill="none" stroke="#d7deea" stroke-opacity="0.25" stroke-width="0.8"/>
<g font-size="14" paint-order="stroke" stroke="#0b1020" stroke-width="4" stroke-linejoin="round">
${labels()}${layers.map(nameTags).join('')}
</g>
</g>
${legend.join('\n')}
<text x="${EDGE}" y="${HEAD + HEIGHT + 48}" fill="#93a1bd">${escape(note)}</text>
</svg>
`;
}

/** Each point of the drawing once, however many sources are in it: lines of no length, with round ends. */
function dots({ positions, colour, size }: Layer): string {
  const points = new Set(positions.map((position) => project(position).map(Math.round).join(' ')));
  const path = [...points].map((point) => `M${point}h0`).join('');
  return `<path d="${path}" stroke="${colour}" stroke-width="${size}" stroke-linecap="round" fill="none"/>`;
}

/** Each beside its position, where no other name is yet. */
function nameTags({ positions, colour, names = [] }: Layer): string {
  const taken: (readonly [number, number])[] = [];
  return names
    .map((name, i) => {
      const [x, y] = project(positions[i] ?? { ra: 0, dec: 0 });
      const left = x - 8 - name.length * 8;
      const places = [[x + 5, y - 5] as const, [left, y - 5] as const, [x + 5, y + 16] as const, [left, y + 16] as const];
      const isFree = ([px, py]: readonly [number, number]): boolean =>
        taken.every(([qx, qy]) => Math.abs(px - qx) > 72 || Math.abs(py - qy) > 15);
      const [px, py] = places.find(isFree) ?? [x + 5, y - 5];
      taken.push([px, py]);
      return text(px, py, name, colour);
    })
    .join('');
}

/** x to the right and y down, from the upper left corner of the sky. */
export function project({ ra, dec }: Position): [number, number] {
  const theta = auxiliary(dec * DEGREE);
  // -180 to 180 from the middle, the east to the left as one sees it from below.
  const turn = ((((MIDDLE - ra) % 360) + 540) % 360) - 180;
  return [WIDTH / 2 + ((WIDTH / 2) * turn * Math.cos(theta)) / 180, HEIGHT / 2 - (HEIGHT / 2) * Math.sin(theta)];
}

/** θ with 2θ + sin 2θ = π sin(dec), by Newton's method; at the poles, where that hardly moves, it is the declination. */
function auxiliary(dec: number): number {
  if (Math.abs(dec) > 89.9 * DEGREE) return dec;
  let theta = dec;
  for (let i = 0; i < 30; i++) {
    const step = (2 * theta + Math.sin(2 * theta) - Math.PI * Math.sin(dec)) / (2 + 2 * Math.cos(2 * theta));
    theta -= step;
    if (Math.abs(step) < 1e-9) break;
  }
  return theta;
}

/** Every 30 degrees. */
function grid(): string {
  const line = (points: readonly Position[]): string => `M${points.map((point) => project(point).map(format).join(' ')).join('L')}`;
  const steps = (from: number, to: number, step: number): number[] =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  // Just beside the edge: the edge itself is one meridian on both sides.
  const parallels = steps(-60, 60, 30).map((dec) => line(steps(0.001, 359.999, 359.998).map((ra) => ({ ra, dec }))));
  const meridians = steps(30, 330, 30).map((ra) => line(steps(-90, 90, 3).map((dec) => ({ ra, dec }))));
  return [...parallels, ...meridians].join('');
}

function labels(): string {
  const hours = [3, 6, 9, 12, 15, 18, 21].map((hour) => label({ ra: hour * 15, dec: 0 }, `${hour}h`));
  const degrees = [-60, -30, 30, 60].map((dec) => label({ ra: 359.9, dec }, `${dec > 0 ? '+' : '−'}${Math.abs(dec)}°`));
  return [...hours, ...degrees].join('');
}

function label(position: Position, words: string): string {
  const [x, y] = project(position);
  return text(x + 5, y - 5, words, '#a9b7d6');
}

function text(x: number, y: number, words: string, colour: string): string {
  return `<text x="${format(x)}" y="${format(y)}" fill="${colour}">${escape(words)}</text>`;
}

function format(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
