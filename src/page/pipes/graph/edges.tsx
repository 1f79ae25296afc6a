// The lines of the graph: as thick as what flows along them.
import type { Entry } from '../entry.ts';
import { thickness } from '../model/thickness.ts';
import type { DrawnEdge } from './drawn.ts';

/** A line of a pipe. Its thickness goes in steps, so that few events draw it again. */
export function Edge({ drawn, entry }: { readonly drawn: DrawnEdge; readonly entry: Entry | undefined }) {
  const { kind } = drawn.edge;
  if (!entry) return <path class={`edge ${kind}`} d={drawn.path} stroke-width="1.5" />;
  const { state, now } = entry.shown.value;
  const rate = kind === 'claims' || kind === 'stage' ? 0 : entry.history.rate(now, kind === 'in' ? 'written' : 'visible');
  return (
    <path
      class={`edge ${kind} is-${state}`}
      d={drawn.path}
      stroke-width={Math.round(thickness(rate) * 2) / 2}
      marker-end={kind === 'out' || kind === 'stage' ? 'url(#arrow)' : undefined}
      data-edge={kind}
      data-of={entry.id}
    />
  );
}

export function ArrowHead() {
  return (
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
        <path class="arrow" d="M0 0 8 4 0 8z" />
      </marker>
    </defs>
  );
}
