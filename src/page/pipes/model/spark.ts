// A small line of values, without axes: as the points of a polyline in a box.

/**
 * A line to the right side of the box: of `count` values, of which those at the beginning may not be known. `most` reaches the top: the highest
 * value, unless said otherwise. A line that is all zero lies on the ground.
 */
export function sparkPoints(
  values: readonly number[],
  width: number,
  height: number,
  count = values.length,
  most = Math.max(...values, 0),
): string {
  const step = width / Math.max(1, count - 1);
  return values
    .map((value, i) => `${tenth((count - values.length + i) * step)},${tenth(most === 0 ? height : height - (value / most) * height)}`)
    .join(' ');
}

/** The same as an area that can be filled. */
export function sparkArea(values: readonly number[], width: number, height: number, count?: number, most?: number): string {
  const line = sparkPoints(values, width, height, count, most);
  return line && `${line.slice(0, line.indexOf(','))},${height} ${line} ${width},${height}`;
}

/** A round number at or above the highest value, for the top of an axis: 1, 2 or 5 times a power of ten. */
export function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((n) => n * power >= most) ?? 10) * power;
}

/** So many values into fewer, each the mean of what it stands for, or with `peak` the highest. */
export function condensed(values: readonly number[], count: number, peak = false): readonly number[] {
  if (values.length <= count) return values;
  const per = values.length / count;
  return Array.from({ length: count }, (_, i) => {
    const some = values.slice(Math.floor(i * per), Math.max(Math.floor(i * per) + 1, Math.floor((i + 1) * per)));
    return peak ? Math.max(...some) : some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}

const tenth = (n: number): number => Math.round(n * 10) / 10;
