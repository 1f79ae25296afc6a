// The last minute of a pipe as a small line.
import { sparkArea, sparkPoints } from './model/spark.ts';

interface SparklineProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Decoration: the rate stands beside it in words. Drawn into an SVG, or as one (see Sparkline). */
export function SparkShape({ values, width, height }: SparklineProps) {
  return (
    <>
      <polygon class="spark-area" points={sparkArea(values, width, height)} />
      <polyline class="spark-line" points={sparkPoints(values, width, height)} />
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
