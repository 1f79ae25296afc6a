// A chart over the last minutes: lines on one scale, drawn small and said in words.
import { formatDuration } from '../../kit/format.ts';
import { formatChunkRate } from '../model/figures.ts';
import { condensed, niceTop, sparkArea, sparkPoints } from '../model/spark.ts';

interface ChartProps {
  readonly title: string;
  readonly unit: string;
  readonly seconds: number;
  readonly series: readonly { readonly label: string; readonly style: string; readonly values: readonly number[] }[];
  /** Whether what is between two points is shown by its highest value. */
  readonly peak?: boolean;
}

const [WIDTH, HEIGHT, POINTS] = [360, 84, 120];

export function Chart({ title, unit, seconds, series, peak = false }: ChartProps) {
  const count = Math.min(POINTS, seconds);
  const lines = series.map((one) => ({ ...one, points: condensed(one.values, Math.ceil((count * one.values.length) / seconds), peak) }));
  const top = niceTop(Math.max(0, ...lines.flatMap(({ points }) => points)));
  const said = lines
    .map(
      ({ label, values }) => `${label}: at most ${formatChunkRate(Math.max(0, ...values))}, at last ${formatChunkRate(values.at(-1) ?? 0)}`,
    )
    .join('; ');
  return (
    <figure class="chart">
      <figcaption>
        <b>{title}</b>
        <span class="soft">{unit}</span>
        {lines.length > 1 &&
          lines.map(({ label, style }) => (
            <span key={label} class="legend">
              <svg width="18" height="6" aria-hidden="true">
                <line class={`chart-line ${style}`} x1="0" x2="18" y1="3" y2="3" />
              </svg>
              {label}
            </span>
          ))}
      </figcaption>
      <span class="chart-top number" aria-hidden="true">
        {formatChunkRate(top)}
      </span>
      <svg viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`} role="img" aria-label={`${title} in ${unit} over ${formatDuration(seconds)}. ${said}.`}>
        {[0, 0.5, 1].map((part) => (
          <line key={part} class="grid" x1="0" x2={WIDTH} y1={HEIGHT * part} y2={HEIGHT * part} />
        ))}
        {lines.map(({ label, style, points }) => (
          <g key={label}>
            <polygon class={`chart-area ${style}`} points={sparkArea(points, WIDTH, HEIGHT, count, top)} />
            <polyline
              class={`chart-line ${style}`}
              points={sparkPoints(points, WIDTH, HEIGHT, count, top)}
              vector-effect="non-scaling-stroke"
            />
          </g>
        ))}
      </svg>
      <div class="axis number" aria-hidden="true">
        <span>−{formatDuration(seconds)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
