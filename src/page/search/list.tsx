// The list of what was found: rows of one height, of which only those in sight are there. Arrow keys, Shift, Ctrl and Space choose.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { navigate } from '../app/router.ts';
import type { Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { hrefOf, ResultRow } from './row.tsx';

interface ResultListProps {
  readonly below: Place;
  readonly rows: readonly Target[];
  /** By URI. */
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
}

/** Rows before and behind those in sight. */
const MARGIN = 8;

export function ResultList({ below, rows, chosen, onChosen }: ResultListProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  /** Pixels of a rem: rows are three of them high, as in search.css. */
  const unit = useSignal(16);
  const rowHeight = 3 * unit.value;
  const at = useSignal(0);
  const anchor = useRef(0);
  const wantsFocus = useRef(false);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      height.value = entry?.contentRect.height ?? 800;
      unit.value = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const current = Math.min(at.value, rows.length - 1);
  const first = Math.max(0, Math.floor(top.value / rowHeight) - MARGIN);
  const end = Math.min(rows.length, Math.ceil((top.value + height.value) / rowHeight) + MARGIN);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus({ preventScroll: true });
  });

  const choose = (index: number, { range, adds }: { readonly range: boolean; readonly adds: boolean }): void => {
    const row = rows[index];
    if (!row) return;
    if (range) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      onChosen(new Set([...(adds ? chosen : []), ...rows.slice(from, to + 1).map(({ node }) => node.uri)]));
      return;
    }
    anchor.current = index;
    const next = new Set(adds ? chosen : []);
    if (!adds || !next.delete(row.node.uri)) next.add(row.node.uri);
    onChosen(next);
  };
  const goTo = (index: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    at.value = to;
    wantsFocus.current = true;
    const { current: element } = box;
    if (!element) return;
    if (to * rowHeight < element.scrollTop) element.scrollTop = to * rowHeight;
    else if ((to + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (to + 1) * rowHeight - element.clientHeight;
    top.value = element.scrollTop;
  };
  const press = (event: KeyboardEvent): void => {
    if ((event.target as Element).getAttribute('role') !== 'row') return;
    const page = Math.max(1, Math.floor(height.value / rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length };
    const step = steps[event.key as keyof typeof steps] as number | undefined;
    const row = rows[current];
    if (step !== undefined) {
      goTo(current + step);
      if (event.shiftKey) choose(at.value, { range: true, adds: false });
    } else if (event.key === ' ') choose(current, { range: event.shiftKey, adds: true });
    else if (event.key === 'Enter' && !event.altKey && row) navigate(hrefOf(row));
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onChosen(new Set(rows.map(({ node }) => node.uri)));
    else if (event.key === 'Escape') onChosen(new Set());
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      class="result-list"
      role="grid"
      aria-label="Found nodes"
      aria-rowcount={rows.length}
      aria-multiselectable="true"
      onScroll={(event) => (top.value = event.currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div class="result-space" role="presentation" ref={(element) => element?.style.setProperty('height', `${rows.length * rowHeight}px`)}>
        {rows.slice(first, end).map((row, offset) => {
          const index = first + offset;
          return (
            <ResultRow
              key={row.node.uri}
              below={below}
              row={row}
              index={index}
              top={index * rowHeight}
              chosen={chosen.has(row.node.uri)}
              current={index === current}
              onChoose={(how) => {
                at.value = index;
                choose(index, how);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
