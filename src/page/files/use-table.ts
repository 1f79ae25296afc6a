// The table of a pane: opened for a place, an order and a filter, kept up to date with what happens there, and in step with the names in the URL.
import { effect, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { onChange } from '../app/changes.ts';
import { notify } from '../app/notices.tsx';
import { childOf, type Place } from '../app/place.ts';
import { nodes, whoAt } from '../app/spaces.ts';
import { formatCount } from '../kit/format.ts';
import { atMost } from './at-most.ts';
import { PagedRows } from './paged.ts';
import type { Rows } from './rows.ts';
import { MOST_SELECTED } from './selection.ts';
import { folderSource, rowOf, type Order, type Row } from './source.ts';
import { Table } from './table.ts';
import { selectText, type View } from './view.ts';

/** Milliseconds that the selection rests before the URL tells it. */
const REST = 150;

/** From so many names on the folder is gone through rather than each of them asked for. */
const MANY = 20;

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
      const rows = filter ? await foundRows(place, filter, order, table) : new PagedRows(await folderSource(place, order), table.read);
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

async function foundRows(place: Place, filter: string, order: Order, table: Table): Promise<Rows> {
  const { FoundRows, matching } = await import('./found.ts');
  return new FoundRows((over) => matching(place, filter, over), order, table.read);
}

/** Names come from the URL, and the selection goes there. */
function useSelectionInUrl(table: Table, place: Place, select: readonly string[], onSelect: (names: readonly string[]) => void): void {
  const told = useRef('');
  const looking = useRef(false);
  const lookedFrom = useRef('');
  const tell = useRef(onSelect);
  tell.current = onSelect;
  const wanted = select.join('/');
  const rows = table.rows.value;
  const ready = rows !== undefined && rows.version.value >= 0 && !rows.starting;
  // As soon as it is drawn: later, what was selected meanwhile would be taken for older than the URL.
  useLayoutEffect(() => {
    told.current = '';
  }, [table]);
  useLayoutEffect(() => {
    if (!ready || wanted === told.current) return undefined;
    told.current = wanted;
    looking.current = true;
    lookedFrom.current = selectText([...table.selection.peek().rows.keys()]) ?? '';
    let gone = false;
    void find(place, select, table).then(async (found) => {
      if (gone) return;
      looking.current = false;
      await table.choose(found);
    });
    return () => {
      gone = true;
      // Not found yet, and nothing else selected: it is looked for again when the rows are there again.
      if (looking.current && told.current === wanted) told.current = '';
      looking.current = false;
    };
  }, [table, ready, wanted]);
  useLayoutEffect(
    () =>
      effect(() => {
        const names = [...table.selection.value.rows.keys()];
        const later = setTimeout(() => {
          const text = selectText(names) ?? '';
          if (text === told.current || !table.rows.peek() || table.rows.peek()?.starting) return;
          // What the URL names instead is being looked for, and what was selected before is so still, or has gone, as in a renaming.
          if (looking.current && (text === '' || text === lookedFrom.current)) return;
          looking.current = false;
          told.current = text;
          tell.current(names);
        }, REST);
        return () => clearTimeout(later);
      }),
    [table],
  );
}

async function find(place: Place, names: readonly string[], table: Table): Promise<readonly Row[]> {
  const rows = table.rows.peek();
  const client = await nodes(place.authority);
  if (names.length > MANY && names.some((name) => rows?.indexOf(name) === undefined))
    return (await import('./find-many.ts')).findMany(place, names);
  const found = names.map(async (name) => {
    const index = rows?.indexOf(name);
    const here = index === undefined ? undefined : rows?.at(index);
    if (here) return [here];
    const { node } = await client.get(childOf(place, name).path, { limit: 0, detail: 'properties' });
    return [rowOf(node)];
  });
  // Those that have gone are left out.
  return (await Promise.all(found.map((one) => one.catch(() => [])))).flat();
}

function tellTooMany(): void {
  notify({
    kind: 'told',
    text: `At most ${formatCount(MOST_SELECTED)} items are selected at a time. A filter makes them fewer; a whole folder is selected from the folder above it.`,
  });
}
