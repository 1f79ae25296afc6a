// A folder: what is in it, which of it is selected, and the way to other folders. Where it stands is its caller's to keep, so that a screen may have two.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { VospaceError } from '../../client/error.ts';
import { actionShortcuts, actionsFor } from '../actions/actions.ts';
import { onChange } from '../app/changes.ts';
import { useShortcuts } from '../app/keys.tsx';
import { loadNext, loadWork } from '../app/late.ts';
import { announce } from '../app/notices.tsx';
import { childOf, nameOf, parentOf, type Place } from '../app/place.ts';
import { nodes, OWN, whoAt } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { showTrouble } from '../app/trouble.ts';
import { isItemTab } from '../item/tabs.ts';
import { Late } from '../kit/late.tsx';
import type * as MenuCode from '../kit/menu-at.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { atMost } from './at-most.ts';
import { clipboardItems, hold, paste } from './clipboard.ts';
import { Crumbs } from './crumbs.tsx';
import { DropZone } from './drop-zone.tsx';
import { folderFacts } from './folder.ts';
import { gridKeys } from './grid-keys.ts';
import { Grid } from './grid.tsx';
import { openRow } from './open.ts';
import { NotAFolder, type Order, type Row } from './source.ts';
import { Status } from './status.tsx';
import { useLate } from './use-late.ts';
import { useTable } from './use-table.ts';
import type { View } from './view.ts';

/** Milliseconds from one look at the folder to the next. */
const FRESH = 3000;

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface PaneProps {
  /** What its region is called: "Files", or which of two it is. */
  readonly label: string;
  readonly place: Place;
  readonly view: View;
  /** Another folder, where `select` is what shall be selected in it. */
  readonly onGo: (place: Place, select?: readonly string[]) => void;
  readonly onView: (changes: Partial<View>) => void;
  /** Of two panes, the one that hears keys; default true. */
  readonly active?: boolean;
  /** Before the path: such as the button of the tree. */
  readonly before?: ComponentChildren;
  /** More buttons, at the end of its own. */
  readonly tools?: ComponentChildren;
  /** Told what is selected, whenever that changes. */
  readonly onSelected?: (targets: readonly Target[]) => void;
}

export function Pane({ label, place, view, onGo, onView, active = true, before, tools, onSelected }: PaneProps) {
  const pane = useRef<HTMLElement>(null);
  const bar = useLate(loadNext);
  const typing = useSignal(false);
  const menu = useSignal<(typeof MenuCode & { readonly at: Spot }) | undefined>(undefined);
  const showMenu = (at: Spot): void => {
    loadNext().then(
      (code) => (menu.value = { ...code, at }),
      (thrown: unknown) => showTrouble('Actions', thrown),
    );
  };
  const { table, failure, again } = useTable(place, view, (select) => onView({ select }));
  const folder = useFolder(place);
  const rows = table.rows.value;
  const selected = table.selection.value.rows;
  const targets = useMemo(() => targetsOf(place, selected), [selected, place.authority, place.path]);
  useLayoutEffect(() => onSelected?.(targets), [targets]);
  const order = { sort: view.sort, descending: view.descending };
  const setOrder = (next: Order): void => onView(next);
  const open = (row: Row): void => openRow(row, place, { go: onGo, show: (name, panel) => onView({ select: [name], panel }) });
  const up = (): void => {
    if (place.path !== '') onGo(parentOf(place), [nameOf(place)]);
  };
  const gridKey = useMemo(
    () =>
      gridKeys(table, {
        open: () => table.current && latest.current.open(table.current),
        up: () => latest.current.up(),
        missed: (typed) => announce(`No name begins with ${typed}.`),
      }),
    [table],
  );
  const latest = useRef({ open, up });
  latest.current = { open, up };
  const key = (event: KeyboardEvent): boolean => clipboardKey(event, targets, place) || gridKey(event);
  usePaneShortcuts(active, () => ({ targets, container: place }), {
    path: () => (typing.value = true),
    filter: () => pane.current?.querySelector<HTMLElement>('.files-filter input')?.focus(),
  });
  useFocusKept(pane, place);
  const missed = rows && rows.version.value >= 0 ? rows.failure?.thrown : undefined;
  const thrown = failure ?? (rows?.total === 0 || isClosed(place, missed) ? missed : undefined);
  useEffect(() => {
    if (thrown instanceof NotAFolder) onGo(parentOf(place), [nameOf(place)]);
  }, [thrown]);
  const refusal = thrown === undefined || thrown instanceof NotAFolder ? undefined : { thrown };
  // What is selected in a folder that is not shown is not known.
  const panel = refusal ? undefined : view.panel;
  const instead =
    refusal !== undefined || (rows !== undefined && rows.version.value >= 0 && !rows.starting && rows.total === 0 && rows.exact);
  return (
    <section
      ref={pane}
      class={`pane${panel ? ' with-panel' : ''}`}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => event.target === pane.current && key(event) && event.preventDefault()}
    >
      <div class="pane-main">
        <div class="pane-top">
          {before}
          <Crumbs label={label} place={place} typing={typing.value} onTyping={(on) => (typing.value = on)} onGo={onGo} />
        </div>
        {bar ? (
          <bar.Toolbar
            place={place}
            closed={refusal ? '' : folder?.closed}
            targets={targets}
            filter={view.filter}
            onFilter={(filter) => onView({ filter })}
            order={order}
            onOrder={setOrder}
            onClear={() => table.clear()}
            onAll={() => void table.selectAll()}
            onProperties={() => onView({ select: [], panel: 'properties' })}
          >
            {tools}
          </bar.Toolbar>
        ) : (
          <div class="files-bar" />
        )}
        <DropZone place={place}>
          {instead ? (
            <Late
              what="folder"
              load={loadInstead}
              with={{
                place,
                refusal,
                again,
                filter: view.filter,
                closed: folder?.closed,
                onView,
              }}
            />
          ) : (
            <Grid
              label={nameOf(place) || 'All folders'}
              place={place}
              table={table}
              order={order}
              onOrder={setOrder}
              onOpen={open}
              onKey={key}
              onMenu={showMenu}
              targets={() => targetsOf(place, table.selection.peek().rows)}
            />
          )}
        </DropZone>
        {refusal ? <footer class="files-status" /> : <Status table={table} filter={view.filter} folder={folder} />}
      </div>
      {isItemTab(panel) && (
        <Late
          what="the panel"
          load={async () => (await loadWork()).ItemPanel}
          with={{
            targets,
            container: place,
            tab: panel,
            onTab: (tab: string) => onView({ panel: tab }),
            onClose: () => onView({ panel: undefined }),
          }}
        />
      )}
      {menu.value && (
        <menu.value.MenuAt
          label="Actions"
          at={menu.value.at}
          items={[...actionsFor(targets, place), ...clipboardItems(targets, place)]}
          onClose={() => (menu.value = undefined)}
        />
      )}
    </section>
  );
}

/** Whether the folder itself has gone, or is not for the user any more: what was read of it does not stay on show. */
function isClosed({ authority }: Place, thrown: unknown): boolean {
  return authority === OWN && thrown instanceof VospaceError && CLOSED.includes(thrown.fault);
}
const CLOSED: readonly string[] = ['NodeNotFound', 'ContainerNotFound', 'PermissionDenied', 'NotAuthenticated'];

async function loadInstead() {
  return (await loadNext()).Instead;
}

function targetsOf(place: Place, rows: ReadonlyMap<string, Row>): readonly Target[] {
  return Array.from(rows.values(), ({ name, node }) => ({ place: childOf(place, name), node }));
}

function useFolder(place: Place) {
  const { authority, path } = place;
  const { value, again } = useLoaded(
    async (signal) => folderFacts((await (await nodes(authority)).get(path || '/', { limit: 0, detail: 'max', signal })).node),
    [authority, path, whoAt(authority)],
  );
  useEffect(() => {
    const fresh = atMost(FRESH, again);
    const leave = onChange(place, fresh.run);
    return () => {
      leave();
      fresh.stop();
    };
  }, [authority, path]);
  return value;
}

function clipboardKey(event: KeyboardEvent, targets: readonly Target[], place: Place): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return false;
  const letter = event.key.toLowerCase();
  if (letter === 'v') paste(place);
  else if (letter === 'c' || letter === 'x') hold(targets, letter === 'c' ? 'copy' : 'move');
  else return false;
  return true;
}

function usePaneShortcuts(
  current: boolean,
  at: () => { readonly targets: readonly Target[]; readonly container: Place },
  { path, filter }: { readonly path: () => void; readonly filter: () => void },
): void {
  const latest = useRef({ at, path, filter });
  latest.current = { at, path, filter };
  useShortcuts(
    'Files',
    current
      ? [
          { keys: ['/', 'ctrl+l'], label: 'Type a path', run: () => latest.current.path() },
          { keys: ['ctrl+f'], label: 'Filter by name', run: () => latest.current.filter() },
          ...actionShortcuts(() => latest.current.at()),
          { keys: ['enter'], label: 'Open' },
          { keys: ['backspace'], label: 'To the folder above' },
          { keys: ['space'], label: 'Select or not' },
          { keys: ['ctrl+a'], label: 'Select all' },
          { keys: ['ctrl+c', 'ctrl+x', 'ctrl+v'], label: 'Copy, cut, paste' },
          { keys: ['a', 'z'], label: 'To the name that begins so' },
        ]
      : [],
    [current],
  );
}

/** A table that goes with its folder does not take the focus with it. */
function useFocusKept(pane: { readonly current: HTMLElement | null }, { authority, path }: Place): void {
  const had = useRef(false);
  had.current = pane.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (had.current && document.activeElement === document.body)
      (pane.current?.querySelector<HTMLElement>('.files-grid') ?? pane.current)?.focus();
  });
  useEffect(() => {
    had.current = false;
  }, [authority, path]);
}
