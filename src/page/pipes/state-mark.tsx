// A state by its word, its shape and its colour.
import { stalledGroups, type FlowState } from './model/flow-state.ts';
import type { Shown } from './entry.ts';

export const STATE_WORDS: Readonly<Record<FlowState, string>> = {
  flowing: 'Flowing',
  idle: 'Idle',
  stalled: 'Stalled',
  dead: 'Dead chunks',
  authRequired: 'Needs rights',
  closed: 'Closed',
  creating: 'Being made',
  destroying: 'Being removed',
};

/** Drawn in a box of 14 units: no two have one outline. */
const SHAPES: Readonly<Record<FlowState, string>> = {
  flowing: 'M3 2.5 12 7l-9 4.5z',
  idle: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9',
  stalled: 'M3.5 2.5h2.5v9H3.5zM8 2.5h2.5v9H8z',
  dead: 'M3 3l8 8M11 3l-8 8',
  authRequired: 'M3 6.5h8v5H3zM4.8 6.5V4.8a2.2 2.2 0 0 1 4.4 0v1.7',
  closed: 'M3 3h8v8H3z',
  creating: 'M7 2v3M7 9v3M2 7h3M9 7h3',
  destroying: 'M2 7h10',
};

const TONES: Readonly<Record<FlowState, string>> = {
  flowing: 'good',
  idle: '',
  stalled: 'warn',
  dead: 'bad',
  authRequired: 'warn',
  closed: 'accent',
  creating: '',
  destroying: '',
};

export function StateShape({ state }: { readonly state: FlowState }) {
  return <path class={`state-shape state-${state}`} d={SHAPES[state]} />;
}

export function StateChip({ state, title }: { readonly state: FlowState; readonly title?: string | undefined }) {
  return (
    <span class={`chip ${TONES[state]}`} title={title}>
      <svg class="state-icon" viewBox="0 0 14 14" aria-hidden="true">
        <StateShape state={state} />
      </svg>
      {STATE_WORDS[state]}
    </span>
  );
}

/** Why it is in that state, where there is more to say. */
export function whyOf({ document, movement, state, now }: Shown): string | undefined {
  if (state === 'authRequired' || document.reason !== undefined) return document.reason;
  if (state === 'stalled') {
    const groups = stalledGroups(document, movement, now);
    const since = (time: number): string => `${Math.round((now - time) / 1000)} s`;
    if (groups.length === 0) return `No chunk has become visible for ${since(movement.pipe)}.`;
    const [first = ''] = groups;
    return `${groups.length === 1 ? `Group ${first} has` : `Groups ${groups.join(', ')} have`} acknowledged nothing for ${since(movement.groups.get(first) ?? now)}.`;
  }
  return undefined;
}
