// What is seen of the graph: moved by dragging, wheel, keys and buttons, and fitted to its window.
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Point, Size } from '../../../model/drawing/points.ts';
import { fitted, LEAST, panned, READABLE, showing, zoomed, type Viewport } from '../model/viewport.ts';

/** Of a drag, in pixels, before it is one. */
const SLACK = 4;
const STEP = 1.25;
/** Pixels at the bottom where the buttons are. */
const BUTTONS = 40;

export class Camera {
  readonly #view = signal<Viewport>({ x: 0, y: 0, scale: 1 });
  #window: Size = { width: 1, height: 1 };
  #drawing: Size = { width: 1, height: 1 };
  /** Whether the user has chosen what to see. */
  #isChosen = false;
  /** The least scale of what is chosen for him. */
  #least = READABLE;
  #kept: (Point & Size) | undefined;

  get view(): ReadonlySignal<Viewport> {
    return this.#view;
  }

  resized(window: Size): void {
    this.#window = window;
    this.#place();
  }

  /** Another drawing: fitted, unless the user looks at a part of it. */
  drawn(drawing: Size): void {
    this.#drawing = drawing;
    if (!this.#isChosen) this.#place();
  }

  /** What is to be seen however the window changes. */
  keep(box: (Point & Size) | undefined): void {
    this.#kept = box;
    this.#place();
  }

  /** All of it, however small. */
  fit(): void {
    this.#isChosen = false;
    this.#least = LEAST;
    this.#place();
  }

  #place(): void {
    const { width, height } = this.#window;
    const room = { width, height: height - BUTTONS };
    if (!this.#isChosen) this.#view.value = fitted(this.#drawing, room, this.#least);
    if (this.#kept) this.#view.value = showing(this.#view.peek(), this.#kept, room);
  }

  zoom(closer: boolean, about: Point = { x: this.#window.width / 2, y: this.#window.height / 2 }, step = STEP): void {
    this.#isChosen = true;
    this.#view.value = zoomed(this.#view.peek(), closer ? step : 1 / step, about);
  }

  pan(x: number, y: number): void {
    this.#isChosen = true;
    this.#view.value = panned(this.#view.peek(), x, y);
  }

  /** Of a place on the screen, in the drawing. */
  inDrawing(event: MouseEvent, element: Element): Point {
    const { left, top } = element.getBoundingClientRect();
    const { x, y, scale } = this.#view.peek();
    return { x: (event.clientX - left - x) / scale, y: (event.clientY - top - y) / scale };
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    if (event.shiftKey) this.pan(-event.deltaY, 0);
    else this.zoom(event.deltaY < 0, { x: event.clientX - left, y: event.clientY - top }, 1 + Math.min(0.25, Math.abs(event.deltaY) / 400));
  }

  /** From a pointer that has gone down on nothing. */
  drag(event: PointerEvent): void {
    const element = event.currentTarget as Element;
    const over = new AbortController();
    const { signal: until } = over;
    let [x, y, isDrag] = [event.clientX, event.clientY, false];
    const move = (next: PointerEvent): void => {
      if (!isDrag && Math.hypot(next.clientX - x, next.clientY - y) < SLACK) return;
      if (!isDrag) element.setPointerCapture(event.pointerId);
      isDrag = true;
      this.pan(next.clientX - x, next.clientY - y);
      [x, y] = [next.clientX, next.clientY];
    };
    element.addEventListener('pointermove', (next) => move(next as PointerEvent), { signal: until });
    for (const end of ['pointerup', 'pointercancel']) element.addEventListener(end, () => over.abort(), { signal: until });
  }
}
