// The table of files: it has the focus itself, tells which row keys are about, and holds only the rows in sight.
import { effect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { dragsNodes, endDrag, startDrag } from '../actions/drag.ts';
import type { Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { GridRow } from './grid-row.tsx';
import { GridHead } from './grid-head.tsx';
import type { Order, Row } from './source.ts';
import type { How, Table } from './table.ts';

/** Milliseconds without scrolling. */
const QUIET = 200;

interface GridProps {
  readonly label: string;
  readonly place: Place;
  readonly table: Table;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly onOpen: (row: Row) => void;
  /** A key that may be for the table. True: it was. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
  readonly targets: () => readonly Target[];
}

export function Grid({ label, place, table, order, onOrder, onOpen, onKey, onMenu, targets }: GridProps) {
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  useMeasures(grid, table, () => {
    const [all, head] = [grid.current?.clientHeight ?? 0, space.current?.offsetTop ?? 0];
    table.resize(probe.current?.offsetHeight || 36, Math.max(0, all - head));
  });
  useLayoutEffect(
    () =>
      effect(() => {
        const [height, { scrollTop }] = [table.height.value, table.scroll.value];
        if (!grid.current || !space.current) return;
        space.current.style.height = `${height}px`;
        if (Math.abs(grid.current.scrollTop - scrollTop) >= 1) grid.current.scrollTop = scrollTop;
      }),
    [table],
  );
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** For browsers that do not say when scrolling has ended. */
  const quiet = (): void => {
    clearTimeout(resting.current);
    resting.current = setTimeout(() => table.settle(), QUIET);
  };
  const rowAt = (event: Event): number | undefined => {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    return row ? Number(row.dataset['index']) : undefined;
  };
  const click = (event: MouseEvent): void => {
    const index = rowAt(event);
    if (index === undefined) return;
    const row = table.rows.peek()?.at(index);
    const [link, pick] = ['a', '.pick'].map((part) => (event.target as Element).closest(part) !== null);
    const other = event.ctrlKey || event.metaKey || event.shiftKey;
    // Elsewhere, as links do.
    if (link && (event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    grid.current?.focus({ preventScroll: true });
    if (link && !other && row) {
      void table.go(index, 'stay');
      onOpen(row);
    } else void table.go(index, howOf(event, pick ?? false));
  };
  const menu = (event: MouseEvent): void => {
    event.preventDefault();
    const index = rowAt(event);
    const row = index === undefined ? table.current : table.rows.peek()?.at(index);
    const byKey = index === undefined && event.clientX === 0 && event.clientY === 0;
    const at =
      byKey || event.button !== 2
        ? middleOf(document.getElementById(`${id}-${table.active.peek()}`) ?? grid.current)
        : { x: event.clientX, y: event.clientY };
    if (index === undefined && event.button === 2) table.clear();
    else if (row && !table.selection.peek().rows.has(row.name)) void table.go(index ?? table.active.peek(), 'select');
    onMenu(at);
  };
  const drag = (event: DragEvent): void => {
    const index = rowAt(event);
    const row = index === undefined ? undefined : table.rows.peek()?.at(index);
    if (!row || index === undefined) return;
    if (!table.selection.peek().rows.has(row.name)) void table.go(index, 'select');
    startDrag(event, targets());
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.target === grid.current && !event.defaultPrevented && onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const rows = table.rows.value;
  const total = table.frame.value.total;
  return (
    <div
      ref={grid}
      class="files-grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable="true"
      aria-rowcount={rows?.exact ? total + 1 : -1}
      aria-busy={!rows || rows.starting}
      aria-activedescendant={isShown(table) ? `${id}-${table.active.value}` : undefined}
      onScroll={(event) => {
        table.scrolled(event.currentTarget.scrollTop);
        if (!('onscrollend' in globalThis)) quiet();
      }}
      onScrollEnd={() => table.settle()}
      onClick={click}
      onDblClick={(event) => {
        const row = table.rows.peek()?.at(rowAt(event) ?? -1);
        if (row && !(event.target as Element).closest('a, .pick')) onOpen(row);
      }}
      onContextMenu={menu}
      onKeyDown={keys}
      onDragStart={drag}
      onDragEnd={endDrag}
      onDragOver={(event) => dragsNodes(event) && scrollAtEdge(event)}
    >
      <GridHead order={order} onOrder={onOrder} table={table} />
      <div ref={space} class="files-space" role="presentation">
        <div ref={probe} class="files-probe" role="presentation" />
        <GridRows id={id} place={place} table={table} />
      </div>
    </div>
  );
}

function GridRows({ id, place, table }: { readonly id: string; readonly place: Place; readonly table: Table }) {
  const { first, end, offset } = table.window.value;
  const rows = table.rows.value;
  const [active, { rows: selected }] = [table.active.value, table.selection.value];
  const shown = rows && rows.version.value >= 0 ? Array.from({ length: end - first }, (_, at) => first + at) : [];
  return (
    <div class="files-rows" role="rowgroup" style={{ transform: `translateY(${offset}px)` }}>
      {shown.map((index) => {
        const row = rows?.at(index);
        const chosen = row !== undefined && selected.has(row.name);
        // The same elements again for other rows: a place in turn and not a row is what an element belongs to.
        return (
          <GridRow
            key={index % shown.length}
            id={`${id}-${index}`}
            index={index}
            row={row}
            place={place}
            active={index === active}
            selected={chosen}
          />
        );
      })}
    </div>
  );
}

function useMeasures(of: RefObject<HTMLElement | null>, table: Table, measure: () => void): void {
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (of.current) observer.observe(of.current);
    return () => observer.disconnect();
  }, [table]);
}

function isShown(table: Table): boolean {
  const { first, end } = table.window.value;
  return table.active.value >= first && table.active.value < end;
}

function howOf({ shiftKey, ctrlKey, metaKey }: MouseEvent, pick: boolean): How {
  return shiftKey ? 'extend' : ctrlKey || metaKey || pick ? 'toggle' : 'select';
}

function middleOf(element: HTMLElement | null): { readonly x: number; readonly y: number } {
  const { left = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
  return { x: left + 48, y: Math.min(bottom, innerHeight / 2) };
}

/** While something is dragged there is no wheel at hand. */
function scrollAtEdge(event: DragEvent): void {
  const grid = event.currentTarget as HTMLElement;
  const { top, bottom } = grid.getBoundingClientRect();
  if (event.clientY < top + 64) grid.scrollTop -= 12;
  else if (event.clientY > bottom - 40) grid.scrollTop += 12;
}
