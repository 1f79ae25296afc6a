// The screen of pipes: what flows between containers, as a graph or a table, and one pipe beside it.
import { SignInButton } from '../kit/sign-in-button.tsx';
import { useEffect, useMemo } from 'preact/hooks';
import { readPlaceText, uriOf, type Place } from '../app/place.ts';
import { navigate, parameter, withParameters } from '../app/router.ts';
import { user } from '../app/spaces.ts';
import { useShortcuts } from '../app/keys.tsx';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { CreateDoor } from './create/door.tsx';
import { createWish } from './create/wish.ts';
import { Graph } from './graph/graph.tsx';
import { foldersIn, openedPipe, pipeHref } from './links.ts';
import './pipes.css';
import { isWanted } from './model/rows.ts';
import { FLOW_STATES } from './model/flow-state.ts';
import { Panel } from './panel/panel.tsx';
import { Store } from './store.ts';
import { PipeTable } from './table/table.tsx';
import { Toolbar, type View } from './toolbar.tsx';

/** More pipes than these are shown as a table, unless the graph is asked for. */
const MANY = 60;
/** As many as the graph draws at most. */
const MOST_DRAWN = 200;
const narrow = matchMedia('(max-width: 44rem)');

export function Pipes() {
  const who = user.value;
  if (!who) {
    return (
      <Nothing title="Pipes" icon="pipe" text="Pipes carry files from folder to folder as they arrive. Sign in to see yours.">
        <SignInButton />
      </Nothing>
    );
  }
  const container = readPlaceText(parameter('container') ?? '://');
  return <PipesOf key={`${who.user} ${container ? uriOf(container) : ''}`} container={container} />;
}

function PipesOf({ container }: { readonly container: Place | undefined }) {
  const store = useMemo(() => new Store(container), []);
  useEffect(() => store.start(), []);
  const all = store.entries.value;
  const asked = parameter('view');
  const view: View = asked === 'graph' || asked === 'table' ? asked : narrow.matches || all.length > MANY ? 'table' : 'graph';
  const show = (next: View): void => navigate(withParameters({ view: next }), { replace: true });
  useShortcuts(
    'Pipes',
    [
      { keys: ['t'], label: 'Table or graph', run: () => show(view === 'graph' ? 'table' : 'graph') },
      { keys: ['n'], label: 'New pipe', run: () => (createWish.value = {}) },
      { keys: ['/'], label: 'Find a pipe', run: () => document.querySelector<HTMLElement>('#find-pipe')?.focus() },
      { keys: ['escape'], label: 'Close the panel', run: () => openedPipe() !== undefined && navigate(pipeHref()) },
    ],
    [view],
  );
  const opened = openedPipe();
  return (
    <div class={`pipes ${opened === undefined ? '' : 'with-panel'}`}>
      <div class="pipes-main">
        <Toolbar store={store} view={view} show={show} container={container} />
        {store.trouble.value && <Failure trouble={store.trouble.value} retry={() => void store.load()} />}
        {store.isLoaded.value ? <Content store={store} view={view} /> : <Loading what="pipes" />}
      </div>
      {opened !== undefined && store.isLoaded.value && (
        <Panel key={opened} store={store} id={opened} onClose={() => navigate(pipeHref())} />
      )}
      <CreateDoor store={store} container={container} />
    </div>
  );
}

function Content({ store, view }: { readonly store: Store; readonly view: View }) {
  const state = FLOW_STATES.find((one) => one === parameter('state'));
  const text = parameter('q');
  // The order and what is filtered out follow the clock; numbers follow the events by themselves.
  const filtered = state !== undefined || text !== undefined;
  if (state !== undefined) void store.second.value;
  const all = store.entries.value;
  const wanted = filtered ? all.filter(({ shown }) => isWanted(shown.peek(), { state, text })) : all;
  const folders = foldersIn(parameter('folders'));
  if (all.length === 0 && folders.length === 0) return <NoPipes />;
  if (wanted.length === 0 && (filtered || folders.length === 0)) {
    return (
      <Nothing title="No pipe is like that" icon="filter">
        <button
          type="button"
          class="button"
          onClick={() => navigate(withParameters({ state: undefined, q: undefined }), { replace: true })}
        >
          Show all pipes
        </button>
      </Nothing>
    );
  }
  if (view === 'table') return <PipeTable store={store} entries={wanted} sort={parameter('sort')} />;
  return (
    <>
      {wanted.length > MOST_DRAWN && (
        <p class="pipes-note">
          {MOST_DRAWN} of {wanted.length} pipes are drawn. Filter them, or use the table.
        </p>
      )}
      <Graph store={store} entries={wanted.slice(0, MOST_DRAWN)} folders={folders} />
    </>
  );
}

function NoPipes() {
  return (
    <Nothing
      title="No pipes yet"
      icon="pipe"
      text="A pipe carries files from one folder to another as they arrive, in order, and tells its readers. Programs write into it and read from it."
    >
      <button type="button" class="button primary" onClick={() => (createWish.value = {})}>
        New pipe
      </button>
    </Nothing>
  );
}
