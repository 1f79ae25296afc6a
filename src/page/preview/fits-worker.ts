// Decodes an image beside the page, so that the page stays smooth. The answer is its grey values and where black and white are.
import { decode, zscale, type Grey, type PixelFormat } from './fits-pixels.ts';

export interface Work {
  readonly data: ArrayBuffer;
  readonly format: PixelFormat;
  readonly most: number;
}

export type Done = { readonly grey: Grey; readonly range: readonly [number, number] } | { readonly error: string };

addEventListener('message', ({ data: { data, format, most } }: MessageEvent<Work>) => {
  try {
    const grey = decode(new DataView(data), format, most);
    answer({ grey, range: zscale(grey) });
  } catch (thrown) {
    answer({ error: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});

function answer(done: Done): void {
  postMessage(done);
}
