// The last minute of a pipe as a small line.
import { sparkArea, sparkPoints } from './model/spark.ts';

/** Seconds. */
export const MINUTE = 60;

interface SparklineProps {
  /** Of each second that is known. */
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Decoration: the rate stands beside it in words. Drawn into an SVG, or as one (see Sparkline). */
export function SparkShape({ values, width, height }: SparklineProps) {
  return (
    <>
      <polygon class="spark-area" points={sparkArea(values, width, height, MINUTE)} />
      <polyline class="spark-line" points={sparkPoints(values, width, height, MINUTE)} />
    </>
  );
}

export function Sparkline(props: SparklineProps) {
  const { width, height } = props;
  return (
    <svg class="sparkline" width={width} height={height + 2} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      <SparkShape {...props} />
    </svg>
  );
}
