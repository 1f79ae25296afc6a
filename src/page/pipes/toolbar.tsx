// Above the pipes: which of them, in which form, and how to make another.
import type { ComponentChildren } from 'preact';
import { filesHref, nameOf, placeText, type Place } from '../app/place.ts';
import { navigate, parameter, withParameters } from '../app/router.ts';
import { Choice } from '../kit/choice.tsx';
import { Icon } from '../kit/icon.tsx';
import { plural } from '../kit/format.ts';
import { createWish } from './create/wish.ts';
import { FLOW_STATES, type FlowState } from './model/flow-state.ts';
import { STATE_WORDS, StateShape } from './state-mark.tsx';
import type { Store } from './store.ts';

export type View = 'graph' | 'table';

const VIEWS: readonly [View, ComponentChildren][] = [
  ['graph', [<Icon key="icon" name="pipe" />, 'Graph']],
  ['table', [<Icon key="icon" name="table" />, 'Table']],
];

interface ToolbarProps {
  readonly store: Store;
  readonly view: View;
  readonly show: (view: View) => void;
  readonly container: Place | undefined;
}

export function Toolbar({ store, view, show, container }: ToolbarProps) {
  return (
    <div class="pipes-bar">
      <States store={store} />
      <div class="pipes-bar-end">
        {container && (
          <span class="chip accent">
            <a href={filesHref(container)}>{nameOf(container) || placeText(container)}</a>
            <a class="chip-close" href={withParameters({ container: undefined })} aria-label="Show the pipes of all folders">
              <Icon name="close" />
            </a>
          </span>
        )}
        <label class="find">
          <span class="spoken">Find a pipe by its folders</span>
          <Icon name="search" />
          <input
            id="find-pipe"
            type="search"
            placeholder="Find"
            value={parameter('q') ?? ''}
            onInput={({ currentTarget: { value } }) => navigate(withParameters({ q: value === '' ? undefined : value }), { replace: true })}
          />
        </label>
        <Choice label="Form" style="segmented" value={view} onValue={show} options={VIEWS} />
        <button type="button" class="button primary" onClick={() => (createWish.value = {})}>
          <Icon name="cross" />
          New pipe
        </button>
      </div>
    </div>
  );
}

/** How many there are in each state; a state is a filter. */
function States({ store }: { readonly store: Store }) {
  void store.second.value;
  const counts = new Map<FlowState, number>();
  for (const { shown } of store.entries.value) counts.set(shown.peek().state, (counts.get(shown.peek().state) ?? 0) + 1);
  const chosen = FLOW_STATES.find((one) => one === parameter('state'));
  return (
    <Choice
      label="Filter by state"
      style="pipes-states"
      value={chosen ?? ''}
      onValue={(state) => navigate(withParameters({ state: state === '' ? undefined : state }), { replace: true })}
      options={[
        ['', plural(store.entries.value.length, 'pipe')],
        ...FLOW_STATES.filter((state) => counts.has(state) || state === chosen).map(
          (state) => [state, <Filter key={state} state={state} count={counts.get(state) ?? 0} />] as const,
        ),
      ]}
    />
  );
}

function Filter({ state, count }: { readonly state: FlowState; readonly count: number }) {
  return (
    <>
      <svg class="state-icon" viewBox="0 0 14 14" aria-hidden="true">
        <StateShape state={state} />
      </svg>
      {STATE_WORDS[state]} <b class="number">{count}</b>
    </>
  );
}
