// Two folders side by side, each where it likes, also in different VOSpaces: what is selected in one goes to the other.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { sendTo } from '../actions/actions.ts';
import { useShortcuts } from '../app/keys.tsx';
import { notify } from '../app/notices.tsx';
import { filesHref, isSamePlace, placeText, type Place } from '../app/place.ts';
import { navigate, parameter, url, withParameters } from '../app/router.ts';
import type { Target } from '../app/target.ts';
import { Icon } from '../kit/icon.tsx';
import { Pane } from './pane.tsx';
import { RIGHT, SecondPaneButton, useSecondPaneKey } from './second-pane.tsx';
import { SpaceBar } from './space-bar.tsx';
import { readView, viewParameters, type View } from './view.ts';
import './two-panes.css';

const SIDES = ['left', 'right'] as const;
type Side = (typeof SIDES)[number];
const OTHER = { left: 'right', right: 'left' } as const;
/** What the URL's parameters of each side begin with. */
const PREFIX = { left: '', right: `${RIGHT}-` } as const;

type Selected = Readonly<Record<Side, readonly Target[]>>;

export function TwoPanes({ left, right }: { readonly left: Place; readonly right: Place }) {
  const places = { left, right };
  const active = useSignal<Side>('left');
  const selected = useSignal<Selected>({ left: [], right: [] });
  const root = useRef<HTMLDivElement>(null);
  useSecondPaneKey(left);
  const go = (how: 'copy' | 'move'): void => {
    const from = active.value;
    const targets = selected.value[from];
    if (targets.length === 0) notify({ kind: 'told', text: `Nothing is selected in the ${from} pane.` });
    else if (how === 'move' && isSamePlace(left, right)) notify({ kind: 'told', text: 'Both panes show the same folder.' });
    else sendTo(targets, places[OTHER[from]], how);
  };
  const change = (): void => {
    active.value = OTHER[active.value];
    const pane = root.current?.querySelector(`[data-side=${active.value}]`);
    const inside = pane?.querySelector<HTMLElement>('[role=grid] [tabindex="0"], [role=row][tabindex="0"], [role=grid][tabindex="0"]');
    (inside ?? pane?.querySelector<HTMLElement>('a, button, select'))?.focus();
  };
  useShortcuts(
    'Two panes',
    [
      { keys: ['f5'], label: 'Copy what is selected to the other pane', run: () => go('copy') },
      { keys: ['shift+f5'], label: 'Move what is selected to the other pane', run: () => go('move') },
      { keys: ['shift+f6'], label: 'Go to the other pane', run: change },
    ],
    [placeText(left), placeText(right)],
  );
  return (
    <div ref={root} class="two-panes">
      {SIDES.map((side) => (
        <div
          key={side}
          class={side === active.value ? 'pane-side active' : 'pane-side'}
          data-side={side}
          onFocusIn={() => (active.value = side)}
          onPointerDown={() => (active.value = side)}
        >
          <SpaceBar label={side === 'left' ? 'Left pane' : 'Right pane'} place={places[side]} onGo={(place) => goTo(side, place)} />
          <Pane
            label={side === 'left' ? 'Left pane' : 'Right pane'}
            place={places[side]}
            view={viewOf(side)}
            active={side === active.value}
            onGo={(place, select) => goTo(side, place, select)}
            onView={(changes) => show(side, changes)}
            onSelected={(targets) => (selected.value = { ...selected.peek(), [side]: targets })}
          />
        </div>
      ))}
      <Between from={active.value} count={selected.value[active.value].length} same={isSamePlace(left, right)} go={go} place={left} />
    </div>
  );
}

interface BetweenProps {
  readonly from: Side;
  readonly count: number;
  /** Both show the same folder. */
  readonly same: boolean;
  readonly go: (how: 'copy' | 'move') => void;
  readonly place: Place;
}

function Between({ from, count, same, go, place }: BetweenProps) {
  const to = OTHER[from];
  return (
    <div class={`pane-between to-${to}`} role="toolbar" aria-label="Between the panes">
      <button
        type="button"
        class="button"
        disabled={count === 0}
        aria-label={`Copy to the ${to} pane`}
        title={`Copy what is selected to the ${to} pane (F5)`}
        onClick={() => go('copy')}
      >
        Copy
        <Icon name="move" />
      </button>
      <button
        type="button"
        class="button"
        disabled={count === 0 || same}
        aria-label={`Move to the ${to} pane`}
        title={`Move what is selected to the ${to} pane (Shift + F5)`}
        onClick={() => go('move')}
      >
        Move
        <Icon name="move" />
      </button>
      <SecondPaneButton place={place} />
    </div>
  );
}

function viewOf(side: Side): View {
  return readView((name) => parameter(PREFIX[side] + name));
}

function show(side: Side, changes: Partial<View>): void {
  const parameters = viewParameters({ ...viewOf(side), ...changes });
  const named = Object.entries(parameters).map(([name, value]) => [PREFIX[side] + name, value]);
  navigate(withParameters(Object.fromEntries(named)), { replace: true });
}

/** The other side stays as it is. */
function goTo(side: Side, place: Place, select: readonly string[] = []): void {
  const own = new Set(Object.keys(viewParameters(viewOf(side))).map((name) => PREFIX[side] + name));
  const to = new URL(side === 'left' ? filesHref(place) : url.value, location.origin);
  for (const [name, value] of url.value.searchParams) if (!own.has(name) && name !== 'at') to.searchParams.set(name, value);
  for (const name of own) to.searchParams.delete(name);
  if (side === 'right') to.searchParams.set(RIGHT, placeText(place));
  if (select.length > 0) to.searchParams.set(`${PREFIX[side]}select`, select.join('/'));
  navigate(to.pathname + to.search);
}
