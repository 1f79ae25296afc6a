// How a pipe stands, in figures and over the last minutes.
import { useSignal } from '@preact/signals';
import { Choice } from '../../kit/choice.tsx';
import { Facts, type Fact } from '../../kit/facts.tsx';
import { formatBytes, formatCount, formatDuration, formatRate, formatTime } from '../../kit/format.ts';
import { useEffect } from 'preact/hooks';
import { pipeHref } from '../links.ts';
import { countsOf } from '../model/flow-state.ts';
import { formatChunkRate } from '../model/figures.ts';
import { pipeName } from '../model/names.ts';
import { openPipe } from '../store.ts';
import { Chart } from './chart.tsx';
import type { TabProps } from './tab-props.ts';

/** Chunks whose times are looked at. */
const PAST = 500;

const SPANS = [
  [60, '1 min'],
  [300, '5 min'],
  [600, '10 min'],
] as const;

export function Overview({ store, entry }: TabProps) {
  const span = useSignal<number>(60);
  const { document, now } = entry.shown.value;
  const { bytes, lag, credit, options } = document;
  const counts = countsOf(document);
  const { history } = entry;
  useEffect(() => {
    const over = new AbortController();
    // What flowed before is told by the times of the last chunks; without them the chart begins where the page does.
    const seed = async (): Promise<void> =>
      entry.seed((await (await openPipe(entry.id)).latest(PAST, { signal: over.signal })).chunks, Date.now());
    if (!entry.isSeeded) seed().catch(() => undefined);
    return () => over.abort();
  }, [entry]);
  const figures: readonly Fact[] = [
    ['Chunks a second', formatChunkRate(history.rate(now, 'visible'))],
    ['Bytes a second', formatRate(history.rate(now, 'bytes'))],
    ['Written', `${formatCount(counts.written)} · ${formatBytes(bytes?.written ?? 0)}`],
    ['Visible', `${formatCount(counts.visible)} · ${formatBytes(bytes?.visible ?? 0)}`],
    ['Waiting', `${formatCount(lag?.chunks ?? 0)} · ${formatBytes(lag?.bytes ?? 0)} · ${formatDuration(lag?.seconds ?? 0)}`],
    ['Dead', formatCount(counts.missing)],
    ['Trimmed', formatCount(counts.trimmed)],
    ['Room for chunks', credit && options ? `${formatCount(credit.chunks)} of ${formatCount(options.maxChunks)}` : ''],
    ['Made', formatTime(document.created ?? '')],
    ['Owner', document.owner ?? ''],
  ];
  const written = history.series(now, 'written', span.value);
  const visible = history.series(now, 'visible', span.value);
  return (
    <>
      <Choice label="Time shown" style="spans" value={span.value} options={SPANS} onValue={(value) => (span.value = value)} />
      <Chart
        title="Throughput"
        unit="chunks/s"
        seconds={span.value}
        series={[
          { label: 'Written', style: 'written', values: written },
          { label: 'Visible', style: 'visible', values: visible },
        ]}
      />
      <Chart
        title="Lag"
        unit="chunks"
        seconds={span.value}
        peak
        series={[{ label: 'Lag', style: 'lagging', values: history.series(now, 'lag', span.value) }]}
      />
      <Facts style="figures" facts={figures} />
      <Chain store={store} entry={entry} />
    </>
  );
}

/** The pipes before it and after it. */
function Chain({ store, entry }: TabProps) {
  const { document } = entry.shown.value;
  const all = store.entries.value;
  const { upstreams = [], consumes = [] } = document;
  const after = all.filter(({ shown }) => {
    const other = shown.peek().document;
    return [...(other.upstreams ?? []), ...(other.consumes ?? [])].some(({ pipe }) => pipe === entry.id);
  });
  const name = (id: string): string => {
    const found = store.find(id);
    return found ? pipeName(found.document) : id;
  };
  if (upstreams.length + consumes.length + after.length === 0) return null;
  return (
    <section class="chain">
      <h3>Chain</h3>
      <ul>
        {upstreams.map(({ pipe, taken, known, lost, conflicts }) => (
          <li key={pipe}>
            Follows <a href={pipeHref(pipe)}>{name(pipe)}</a>: {formatCount(taken)} of {formatCount(known)} taken
            {lost > 0 && `, ${formatCount(lost)} lost`}
            {conflicts > 0 && `, ${formatCount(conflicts)} conflicts`}
          </li>
        ))}
        {consumes.map(({ pipe, group }) => (
          <li key={`${pipe} ${group}`}>
            Made by group {group} of <a href={pipeHref(pipe)}>{name(pipe)}</a>
          </li>
        ))}
        {after.map(({ id }) => (
          <li key={id}>
            Goes on in <a href={pipeHref(id)}>{name(id)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
