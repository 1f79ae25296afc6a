// The pixels of a FITS image as grey values: decoded, made smaller, and stretched so that something is to be seen (zscale, as IRAF and DS9 do).

export const STRETCHES = ['linear', 'sqrt', 'log', 'asinh'] as const;
export type Stretch = (typeof STRETCHES)[number];

export interface PixelFormat {
  readonly width: number;
  readonly height: number;
  /** FITS 4.0 section 4.4.1.1: 8, 16, 32, 64, -32 or -64. */
  readonly bitpix: number;
  readonly bscale: number;
  readonly bzero: number;
  /** Of integers: what stands for no value. */
  readonly blank: number | undefined;
}

export interface Grey {
  readonly width: number;
  readonly height: number;
  /** Physical values, the first row at the bottom; NaN: none. */
  readonly values: Float32Array;
}

const SAMPLES = 5000;
const CONTRAST = 0.25;
/** Of zscale: how far from the line, in standard deviations, a pixel is left out; and how often. */
const [REJECT, TURNS] = [2.5, 5];

/** At most `most` pixels wide and high: of each square of pixels the mean. Big-endian (section 3.3.2). */
export function decode(data: DataView, format: PixelFormat, most: number): Grey {
  const { width, height } = format;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / most));
  const [w, h] = [Math.ceil(width / step), Math.ceil(height / step)];
  const read = readerOf(data, format);
  const values = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let [sum, count] = [0, 0];
      for (let v = y * step; v < Math.min(height, (y + 1) * step); v++)
        for (let u = x * step; u < Math.min(width, (x + 1) * step); u++) {
          const value = read(v * width + u);
          if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
        }
      values[y * w + x] = count === 0 ? Number.NaN : sum / count;
    }
  }
  return { width: w, height: h, values };
}

function readerOf(data: DataView, { bitpix, bscale, bzero, blank }: PixelFormat): (index: number) => number {
  const raw: Readonly<Record<number, (index: number) => number>> = {
    8: (i) => data.getUint8(i),
    16: (i) => data.getInt16(i * 2),
    32: (i) => data.getInt32(i * 4),
    64: (i) => Number(data.getBigInt64(i * 8)),
    [-32]: (i) => data.getFloat32(i * 4),
    [-64]: (i) => data.getFloat64(i * 8),
  };
  const read = raw[bitpix];
  if (!read) throw new Error(`BITPIX ${bitpix} is none of FITS`);
  return (index) => {
    const value = read(index);
    return bitpix > 0 && value === blank ? Number.NaN : value * bscale + bzero;
  };
}

/** The values that become black and white: a line through the sorted sample, of which its slope tells the contrast. */
export function zscale({ values }: Pick<Grey, 'values'>): readonly [low: number, high: number] {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  const sample = Float64Array.from(values.filter((value, i) => i % step === 0 && Number.isFinite(value))).sort();
  const n = sample.length;
  if (n === 0) return [0, 1];
  const [least, most, median] = [sample[0] ?? 0, sample[n - 1] ?? 1, sample[n >> 1] ?? 0];
  const { slope, kept } = fitLine(sample);
  if (kept < n / 2 || slope === 0) return least === most ? [least, least + 1] : [least, most];
  const wide = slope / CONTRAST;
  const low = Math.max(least, median - (n >> 1) * wide);
  const high = Math.min(most, median + (n - (n >> 1)) * wide);
  return low < high ? [low, high] : [least, most];
}

/** Of value by rank, without what lies far from it. */
function fitLine(sorted: Float64Array): { readonly slope: number; readonly kept: number } {
  const n = sorted.length;
  const good = new Uint8Array(n).fill(1);
  let [slope, kept] = [0, n];
  for (let turn = 0; turn < TURNS; turn++) {
    let [count, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (let x = 0; x < n; x++) {
      if (!good[x]) continue;
      const y = sorted[x] ?? 0;
      [count, sx, sy, sxx, sxy] = [count + 1, sx + x, sy + y, sxx + x * x, sxy + x * y];
    }
    const over = count * sxx - sx * sx;
    if (count < 2 || over === 0) return { slope: 0, kept: count };
    slope = (count * sxy - sx * sy) / over;
    const start = (sy - slope * sx) / count;
    const away = (x: number): number => (sorted[x] ?? 0) - (start + slope * x);
    let squares = 0;
    for (let x = 0; x < n; x++) if (good[x]) squares += away(x) ** 2;
    const limit = REJECT * Math.sqrt(squares / count);
    let left = 0;
    for (let x = 0; x < n; x++) {
      good[x] = Math.abs(away(x)) <= limit ? 1 : 0;
      left += good[x] ?? 0;
    }
    if (left === kept) break;
    kept = left;
  }
  return { slope, kept };
}

const CURVES: Readonly<Record<Stretch, (t: number) => number>> = {
  linear: (t) => t,
  sqrt: Math.sqrt,
  log: (t) => Math.log1p(1000 * t) / Math.log1p(1000),
  asinh: (t) => Math.asinh(10 * t) / Math.asinh(10),
};

/** RGBA, the first row at the top, as a canvas has it. Pixels without a value are transparent. */
export function paint(
  { width, height, values }: Grey,
  [low, high]: readonly [number, number],
  stretch: Stretch,
): Uint8ClampedArray<ArrayBuffer> {
  const curve = CURVES[stretch];
  const colours = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x] ?? Number.NaN;
      const at = ((height - 1 - y) * width + x) * 4;
      if (Number.isNaN(value)) continue;
      const grey = 255 * curve(Math.min(1, Math.max(0, (value - low) / (high - low))));
      colours[at] = colours[at + 1] = colours[at + 2] = grey;
      colours[at + 3] = 255;
    }
  return colours;
}
