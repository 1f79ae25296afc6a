// Dots that run along the lines of the graph: one for a group of chunks that has moved. None where people have asked for less motion.
import { placeAt } from '../../../model/drawing/curve.ts';
import type { Point } from '../../../model/drawing/points.ts';

/** Milliseconds from one end to the other. */
const TRAVEL = 1400;
/** Dots at a time, on all lines and on one. */
const [MOST, MOST_ON_ONE] = [160, 4];
/** Milliseconds between two dots on one line. */
const APART = 220;
const SVG = 'http://www.w3.org/2000/svg';
const calm = matchMedia('(prefers-reduced-motion: reduce)');

interface Dot {
  readonly element: SVGCircleElement;
  readonly line: readonly Point[];
  readonly key: string;
  readonly begun: number;
}

export class Dots {
  readonly #layer: SVGElement;
  #dots: Dot[] = [];
  readonly #free: SVGCircleElement[] = [];
  readonly #latest = new Map<string, number>();
  #frame: number | undefined;

  constructor(layer: SVGElement) {
    this.#layer = layer;
  }

  /** `key`: of the line. More chunks make a larger dot. */
  send(key: string, line: readonly Point[], chunks: number): void {
    const now = performance.now();
    if (calm.matches || document.hidden || line.length < 2 || now - (this.#latest.get(key) ?? -Infinity) < APART) return;
    if (this.#dots.length >= MOST || this.#dots.filter((dot) => dot.key === key).length >= MOST_ON_ONE) return;
    this.#latest.set(key, now);
    const element = this.#free.pop() ?? document.createElementNS(SVG, 'circle');
    element.setAttribute('class', 'dot');
    element.setAttribute('r', String(Math.min(7, 3 + Math.log10(1 + chunks) * 1.5)));
    place(element, line, 0);
    this.#layer.append(element);
    this.#dots.push({ element, line, key, begun: now });
    this.#frame ??= requestAnimationFrame((time) => this.#run(time));
  }

  clear(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    for (const { element } of this.#dots.splice(0)) element.remove();
    this.#latest.clear();
  }

  #run(time: number): void {
    if (calm.matches) {
      this.clear();
      return;
    }
    this.#move(time);
    this.#frame = this.#dots.length === 0 ? undefined : requestAnimationFrame((next) => this.#run(next));
  }

  #move(time: number): void {
    this.#dots = this.#dots.filter(({ element, line, begun }) => {
      const part = (time - begun) / TRAVEL;
      if (part >= 1) {
        element.remove();
        this.#free.push(element);
        return false;
      }
      place(element, line, Math.max(0, part));
      return true;
    });
  }
}

/** `part` of the line is behind it. */
function place(element: SVGCircleElement, line: readonly Point[], part: number): void {
  const { x, y } = placeAt(line, part);
  element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}
