// A FITS image on a canvas, with the stretch that the reader chooses.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { startWorker } from '../app/trusted.ts';
import { formatBytes } from '../kit/format.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import type { Bytes } from './bytes.ts';
import { numberOf, textOf, type Hdu } from './fits-file.ts';
import { paint, STRETCHES, type Stretch } from './fits-pixels.ts';
import type { Done, Work } from './fits-worker.ts';
// oxlint-disable-next-line import/default -- Vite makes it: the URL of the built worker
import workerUrl from './fits-worker.ts?worker&url';

/** Bytes of an image that is fetched for a look at it. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Pixels on the canvas, each way. */
const MOST_PIXELS = 1024;

/** Whether this HDU is an image that can be shown: of a cube the first plane. */
export function isImage({ kind, axes, cards }: Hdu): boolean {
  return kind === 'IMAGE' && (axes[0] ?? 0) > 1 && (axes[1] ?? 0) > 1 && textOf(cards, 'GROUPS') !== 'T';
}

type Picture = Exclude<Done, { error: string }>;

interface FitsImageProps {
  readonly hdu: Hdu;
  readonly bytes: Bytes;
}

export function FitsImage({ hdu, bytes }: FitsImageProps) {
  const [width = 0, height = 0] = hdu.axes;
  const length = (width * height * Math.abs(hdu.bitpix)) / 8;
  if (length > MOST_BYTES)
    return (
      <Nothing title="Too large to look at" text={`The image has ${formatBytes(length)}; up to ${formatBytes(MOST_BYTES)} are shown.`} />
    );
  return <Decoded hdu={hdu} bytes={bytes} length={length} />;
}

function Decoded({ hdu, bytes, length }: FitsImageProps & { readonly length: number }) {
  const { value, trouble, again } = useLoaded(
    async (signal) => {
      const data = await (await bytes.open(hdu.dataAt, hdu.dataAt + length, signal)).arrayBuffer();
      if (data.byteLength < length) throw new Error('the file ends in the middle of the image');
      return decodeBeside(hdu, data, signal);
    },
    [hdu],
  );
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="image" />;
  return <Canvas {...value} />;
}

function Canvas({ grey, range }: Picture) {
  const stretch = useSignal<Stretch>('linear');
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = new ImageData(paint(grey, range, stretch.value), grey.width, grey.height);
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [grey, stretch.value]);
  return (
    <figure class="preview">
      <canvas ref={canvas} class="preview-image" width={grey.width} height={grey.height} role="img" aria-label="The image" />
      <figcaption class="preview-stretch">
        <label class="check">
          Stretch
          <select value={stretch.value} onChange={(event) => (stretch.value = event.currentTarget.value as Stretch)}>
            {STRETCHES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <span class="soft number">
          zscale {range[0].toPrecision(4)} … {range[1].toPrecision(4)}
        </span>
      </figcaption>
    </figure>
  );
}

async function decodeBeside({ axes, bitpix, cards }: Hdu, data: ArrayBuffer, signal: AbortSignal): Promise<Picture> {
  const blank = textOf(cards, 'BLANK');
  const work: Work = {
    data,
    format: {
      width: axes[0] ?? 0,
      height: axes[1] ?? 0,
      bitpix,
      bscale: numberOf(cards, 'BSCALE', 1),
      bzero: numberOf(cards, 'BZERO', 0),
      blank: blank === undefined ? undefined : Number(blank),
    },
    most: MOST_PIXELS,
  };
  signal.throwIfAborted();
  const worker = startWorker(workerUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Picture>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop);
  worker.addEventListener('error', () => reject(new Error('the image cannot be decoded here')));
  worker.addEventListener('message', ({ data: done }: MessageEvent<Done>) => {
    if ('error' in done) reject(new Error(done.error));
    else resolve(done);
  });
  worker.postMessage(work, [data]);
  return promise.finally(() => {
    worker.terminate();
    signal.removeEventListener('abort', stop);
  });
}
