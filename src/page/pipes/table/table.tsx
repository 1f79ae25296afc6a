// The pipes as a table: the same facts as the graph, sorted by any of them.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { navigate, parameter, withParameters } from '../../app/router.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '../../kit/format.ts';
import { OWN } from '../../app/spaces.ts';
import { lagNow, type Entry, type Shown } from '../entry.ts';
import { openedPipe, pipeHref } from '../links.ts';
import { formatChunkRate } from '../model/figures.ts';
import { endText } from '../model/names.ts';
import { isColumn, sorted, type Column } from '../model/rows.ts';
import { MINUTE, Sparkline } from '../sparkline.tsx';
import { StateChip, whyOf } from '../state-mark.tsx';
import './table.css';
import { countsOf } from '../model/flow-state.ts';
import type { Store } from '../store.ts';
import { useGrowing } from '../use-growing.ts';

const HEADS: readonly { readonly column: Column; readonly label: string; readonly number?: true }[] = [
  { column: 'src', label: 'From' },
  { column: 'dest', label: 'To' },
  { column: 'state', label: 'State' },
  { column: 'rate', label: 'Chunks/s', number: true },
  { column: 'bytes', label: 'Bytes/s', number: true },
  { column: 'written', label: 'Written', number: true },
  { column: 'lag', label: 'Lag', number: true },
  { column: 'lagBytes', label: 'Lag, bytes', number: true },
  { column: 'lagSeconds', label: 'Lag, time', number: true },
  { column: 'dead', label: 'Dead', number: true },
  { column: 'groups', label: 'Groups', number: true },
];
/** Rows at first, and with each step more. */
const PAGE = 100;
/** Rows put there in one frame. */
const STEP = 20;

interface TableProps {
  readonly store: Store;
  readonly entries: readonly Entry[];
  /** Column, with a minus before it where it descends. */
  readonly sort: string | undefined;
}

export function PipeTable({ store, entries, sort }: TableProps) {
  const shown = useSignal(PAGE);
  const now = store.second.value;
  const name = sort?.replace(/^-/, '') ?? '';
  const column = isColumn(name) ? name : undefined;
  const descending = sort?.startsWith('-') ?? false;
  const rows = entries.map((entry) => {
    const { document, state } = entry.shown.peek();
    return { entry, document, state, rate: entry.history.rate(now, 'visible'), byteRate: entry.history.rate(now, 'bytes') };
  });
  const inOrder = column === undefined ? rows : (sorted(rows, column, descending) as typeof rows);
  const there = useGrowing(Math.min(shown.value, rows.length), STEP);
  const by = (next: Column): void => {
    const to = next !== column ? next : descending ? undefined : `-${next}`;
    navigate(withParameters({ sort: to }), { replace: true });
  };
  return (
    <div class="pipes-table">
      <SortBy sort={sort} />
      <table class="plain-table" role="table" aria-label="Pipes">
        <thead role="rowgroup">
          <tr role="row">
            {HEADS.map(({ column: of, label, number }) => (
              <th
                key={of}
                role="columnheader"
                scope="col"
                class={number ? 'number' : ''}
                aria-sort={of !== column ? 'none' : descending ? 'descending' : 'ascending'}
              >
                <button type="button" onClick={() => by(of)}>
                  {label}
                  <span aria-hidden="true">{of !== column ? '' : descending ? ' ▼' : ' ▲'}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" onKeyDown={moveByRows}>
          {inOrder.slice(0, there).map(({ entry }) => (
            <PipeRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
      {rows.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += PAGE)}>
          Show more ({formatCount(rows.length - shown.value)})
        </button>
      )}
    </div>
  );
}

/** On narrow screens, where the table has no heads. */
function SortBy({ sort }: { readonly sort: string | undefined }) {
  return (
    <label class="sort-by">
      <span>Sort by</span>
      <select
        value={sort ?? ''}
        onChange={({ currentTarget: { value } }) => navigate(withParameters({ sort: value === '' ? undefined : value }), { replace: true })}
      >
        <option value="">When made</option>
        {HEADS.map(({ column, label, number }) => (
          <option key={column} value={number ? `-${column}` : column}>
            {number ? `${label}, most first` : label}
          </option>
        ))}
      </select>
    </label>
  );
}

function PipeRow({ entry }: { readonly entry: Entry }) {
  const shown: Shown = entry.shown.value;
  const { document, state, now } = shown;
  const { history } = entry;
  const lag = lagNow(shown);
  const rate = history.rate(now, 'visible');
  const bytes = history.rate(now, 'bytes');
  const dead = countsOf(document).missing;
  const cells: readonly [string, ComponentChildren, string?][] = [
    ['Chunks/s', <Rate key="rate" rate={rate} values={history.series(now, 'visible', MINUTE)} />],
    ['Bytes/s', bytes > 0 ? formatRate(bytes) : '0'],
    ['Written', formatCount(countsOf(document).written)],
    ['Lag', formatCount(lag.chunks), lag.chunks > 0 && state === 'stalled' ? 'warns' : ''],
    ['Lag, bytes', formatBytes(lag.bytes)],
    ['Lag, time', formatDuration(lag.seconds)],
    ['Dead', formatCount(dead), dead > 0 ? 'warns' : ''],
    ['Groups', formatCount(document.groups?.length ?? 0)],
  ];
  return (
    <tr role="row" aria-current={openedPipe() === entry.id ? 'true' : undefined} data-pipe={entry.id} onClick={openByRow}>
      <th scope="row" role="rowheader" class="cut" data-label="From">
        <a href={pipeHref(entry.id, parameter('tab') as undefined)}>{endText(document.src, OWN)}</a>
      </th>
      <td role="cell" class="cut" data-label="To">
        {endText(document.dest, OWN)}
      </td>
      <td role="cell" data-label="State">
        <StateChip state={state} title={whyOf(shown)} />
      </td>
      {cells.map(([label, value, style = '']) => (
        <td key={label} role="cell" class={`number ${style}`} data-label={label}>
          {value}
        </td>
      ))}
    </tr>
  );
}

function Rate({ rate, values }: { readonly rate: number; readonly values: readonly number[] }) {
  return (
    <span class="rate">
      <Sparkline values={values} width={72} height={18} />
      <span>{formatChunkRate(rate)}</span>
    </span>
  );
}

function openByRow(event: MouseEvent): void {
  const row = event.currentTarget as HTMLElement;
  if ((event.target as Element).closest('a, button') || getSelection()?.toString()) return;
  row.querySelector('a')?.click();
}

function moveByRows(event: KeyboardEvent): void {
  const body = event.currentTarget as HTMLElement;
  const links = Array.from(body.querySelectorAll<HTMLElement>('th a'));
  const at = links.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  const next = to === undefined ? undefined : links[to];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
