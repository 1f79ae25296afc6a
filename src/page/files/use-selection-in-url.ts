// Names come from the URL, and the selection goes there.
import { effect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Place } from '../app/place.ts';
import { findMany } from './find-many.ts';
import { SelectionInUrl } from './selection-in-url.ts';
import type { Row } from './source.ts';
import type { Table } from './table.ts';

/** Milliseconds that the selection rests before the URL tells it. */
const REST = 150;

export function useSelectionInUrl(
  table: Table,
  place: Place,
  select: readonly string[],
  onSelect: (names: readonly string[]) => void,
): void {
  const state = useMemo(() => new SelectionInUrl(), [table]);
  const tell = useRef(onSelect);
  tell.current = onSelect;
  const text = select.join('/');
  const rows = table.rows.value;
  const ready = rows !== undefined && rows.version.value >= 0 && !rows.starting;
  // As soon as it is drawn: later, what was selected meanwhile would be taken for older than the URL.
  useLayoutEffect(() => {
    if (!state.urlSays(text, ready)) return;
    const { turn } = table;
    void find(place, select, table).then((found) => {
      if (state.found(text)) void table.choose(found, turn);
    });
  }, [state, ready, text]);
  useLayoutEffect(
    () =>
      effect(() => {
        const names = [...table.selection.value.rows.keys()];
        state.selects(names);
        const later = setTimeout(() => {
          if (state.rests()) tell.current(names);
        }, REST);
        return () => clearTimeout(later);
      }),
    [state],
  );
}

async function find(place: Place, names: readonly string[], table: Table): Promise<readonly Row[]> {
  const rows = table.rows.peek();
  const here = names.flatMap((name) => rows?.at(rows.indexOf(name) ?? -1) ?? []);
  return here.length === names.length ? here : findMany(place, names);
}
