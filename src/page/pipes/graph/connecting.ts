// Drawing a pipe: from one folder of the graph to another, by pointer or by keys. What is drawn is a wish: the form opens with both ends.
import { signal } from '@preact/signals';
import { announce } from '../../app/notices.tsx';
import { createWish } from '../create/wish.ts';
import { curveThrough } from '../../../model/drawing/curve.ts';
import { endName } from '../model/names.ts';
import type { Camera } from './camera.ts';

export class Connecting {
  /** The URI of the folder from which a pipe is being drawn. */
  readonly from = signal<string | undefined>(undefined);
  /** The path of the line behind the pointer. */
  readonly line = signal('');
  readonly #camera: Camera;

  constructor(camera: Camera) {
    this.#camera = camera;
  }

  /** By keys, or from the menu. */
  start(uri: string): void {
    this.from.value = uri;
    announce(`A pipe from ${endName(uri)}: go to another folder and press Enter. Escape gives up.`);
  }

  /** Whether a click on this folder has been the other end. */
  click(container: string | undefined): boolean {
    if (this.from.peek() === undefined || container === undefined) return false;
    this.#end(container);
    return true;
  }

  /** Whether the key has been used. */
  key(event: KeyboardEvent, container: string | undefined): boolean {
    const from = this.from.peek();
    if (event.key === 'Escape' && from !== undefined) this.#stop();
    else if (event.key === 'c' && container !== undefined && from === undefined) this.start(container);
    else if ((event.key === 'c' || event.key === 'Enter') && container !== undefined && from !== undefined) this.#end(container);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** From a pointer that has gone down on a folder's handle. */
  begin(uri: string, event: PointerEvent, picture: SVGSVGElement | null): void {
    if (!picture) return;
    event.preventDefault();
    const begin = this.#camera.inDrawing(event, picture);
    const over = new AbortController();
    const { signal: until } = over;
    picture.setPointerCapture(event.pointerId);
    this.from.value = uri;
    const move = (next: PointerEvent): void => {
      this.line.value = curveThrough([begin, this.#camera.inDrawing(next, picture)]);
    };
    const end = (next: PointerEvent): void => {
      over.abort();
      const target = document.elementFromPoint(next.clientX, next.clientY)?.closest<SVGElement>('[data-container]');
      const to = target?.dataset['container'];
      if (next.type === 'pointerup' && to !== uri) this.#end(to);
      else this.#stop();
    };
    picture.addEventListener('pointermove', move, { signal: until });
    picture.addEventListener('pointerup', end, { signal: until });
    picture.addEventListener('pointercancel', end, { signal: until });
  }

  #end(to: string | undefined): void {
    const src = this.from.peek();
    this.#stop();
    if (src !== undefined && src !== to) createWish.value = { src, ...(to !== undefined && { dest: to }) };
  }

  #stop(): void {
    this.from.value = undefined;
    this.line.value = '';
  }
}
