// One row of the table of files.
import { dropHandlers, dropPlace } from '../actions/drag.ts';
import { childOf, filesHref, selectHref, uriOf, type Place } from '../app/place.ts';
import { formatBytes, formatTime } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { factsOf, timeOf, type Facts } from './facts.ts';
import type { Row } from './source.ts';

interface GridRowProps {
  readonly id: string;
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly row: Row | undefined;
  readonly place: Place;
  readonly active: boolean;
  readonly selected: boolean;
}

export function GridRow({ id, index, row, place, active, selected }: GridRowProps) {
  const facts = row && factsOf(row.node);
  const here = row && childOf(place, row.name);
  const drops = here && facts?.kind === 'folder' ? dropHandlers(here) : {};
  const over = here && facts?.kind === 'folder' && dropPlace.value === uriOf(here);
  return (
    <div
      id={id}
      class={`files-row${active ? ' active' : ''}${over ? ' over' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      draggable={row !== undefined}
      {...drops}
    >
      <div class="pick" role="gridcell">
        <span class="tick" aria-hidden="true">
          {selected && <Icon name="check" />}
        </span>
      </div>
      <div class="name" role="gridcell">
        {row && facts && here ? <Name row={row} facts={facts} here={here} place={place} /> : <span class="bar" />}
      </div>
      <div class="size" role="gridcell">
        {facts?.size !== undefined && formatBytes(facts.size)}
      </div>
      <div class="modified" role="gridcell">
        {facts?.modified !== undefined && formatTime(timeOf(facts.modified))}
      </div>
      <div class="type cut" role="gridcell">
        {facts?.type}
      </div>
      <div class="access" role="gridcell">
        {facts?.access}
      </div>
    </div>
  );
}

function Name({
  row: { name },
  facts,
  here,
  place,
}: {
  readonly row: Row;
  readonly facts: Facts;
  readonly here: Place;
  readonly place: Place;
}) {
  const href = facts.kind === 'folder' ? filesHref(here) : selectHref(place, [name], 'preview');
  return (
    <>
      <span class={`kind ${facts.kind}`}>
        <Icon name={facts.icon} />
      </span>
      <a class="cut" href={href} tabIndex={-1} title={name} draggable={false}>
        {name}
      </a>
      {facts.pending && <span class="chip accent">Uploading</span>}
      {facts.locked && (
        <span class="chip">
          <Icon name="lock" />
          Locked
        </span>
      )}
    </>
  );
}
