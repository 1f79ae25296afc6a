// The table of a pane: opened for a place, an order and a filter, kept up to date with what happens there, and in step with the names in the URL.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { onChange } from '../app/changes.ts';
import { notify } from '../app/notices.tsx';
import type { Place } from '../app/place.ts';
import { whoAt } from '../app/spaces.ts';
import { formatCount } from '../kit/format.ts';
import { atMost } from './at-most.ts';
import { rowsOf } from './rows-of.ts';
import { MOST_SELECTED } from './selection.ts';
import { Table } from './table.ts';
import { useSelectionInUrl } from './use-selection-in-url.ts';
import type { View } from './view.ts';

/** Milliseconds from one look at what has changed to the next. */
const FRESH = 1000;

interface Opened {
  readonly table: Table;
  /** What was thrown when the folder was to be opened. */
  readonly failure: unknown;
  readonly again: () => void;
}

export function useTable(place: Place, view: View, onSelect: (names: readonly string[]) => void): Opened {
  const { authority, path } = place;
  const { sort, descending, filter } = view;
  const who = whoAt(authority);
  const failure = useSignal<unknown>(undefined);
  const turn = useSignal(0);
  const table = useMemo(() => new Table(tellTooMany), [authority, path, who]);
  useEffect(() => {
    const stop = table.watch();
    const again = atMost(FRESH, () => table.rows.peek()?.refresh());
    const leave = onChange(place, again.run);
    return () => {
      stop();
      again.stop();
      leave();
      table.rows.peek()?.close();
    };
  }, [table]);
  useEffect(() => {
    let gone = false;
    failure.value = undefined;
    const order = { sort, descending };
    const open = async (): Promise<void> => {
      const rows = await rowsOf(place, filter, order, table.read);
      if (gone) rows.close();
      else table.open(rows);
    };
    open().catch((thrown: unknown) => {
      if (!gone) failure.value = thrown;
    });
    return () => {
      gone = true;
    };
  }, [table, sort, descending, filter, turn.value]);
  useSelectionInUrl(table, place, view.select, onSelect);
  return { table, failure: failure.value, again: () => turn.value++ };
}

function tellTooMany(): void {
  notify({
    kind: 'told',
    text: `At most ${formatCount(MOST_SELECTED)} items are selected at a time. A filter makes them fewer; a whole folder is selected from the folder above it.`,
  });
}
