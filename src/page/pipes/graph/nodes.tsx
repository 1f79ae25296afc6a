// What stands in the graph: folders, pipes with their figures, and groups.
import type { JSX } from 'preact';
import { nameOf, readPlaceText } from '../../app/place.ts';
import { OWN } from '../../app/spaces.ts';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from '../../kit/format.ts';
import { lagNow, type Entry } from '../entry.ts';
import { formatChunkRate, shortened } from '../model/figures.ts';
import type { GraphNode } from '../model/graph.ts';
import { countsOf, groupState, stillWaiting } from '../model/flow-state.ts';
import { endName, endText, pipeName } from '../model/names.ts';
import { MINUTE, SparkShape } from '../sparkline.tsx';
import { STATE_WORDS, StateShape, whyOf } from '../state-mark.tsx';
import type { DrawnNode } from './drawn.ts';
import { boxOf, SIZES } from './sizes.ts';

export interface NodeProps {
  readonly drawn: DrawnNode;
  readonly tabIndex: number;
  readonly isChosen: boolean;
}

const SPARK = { width: 76, height: 22 };

export function ContainerNode({ drawn, uri, tabIndex, isChosen }: NodeProps & { readonly uri: string }) {
  const { x, y, width, height } = boxOf('container', drawn.at);
  const place = readPlaceText(uri);
  const elsewhere = place !== undefined && place.authority !== OWN;
  const parent = elsewhere ? place.authority : endText(uri, OWN).replace(/\/[^/]*$/, '') || '/';
  return (
    <g class={`node container ${isChosen ? 'chosen' : ''}`} transform={`translate(${x} ${y})`}>
      <title>{endText(uri, OWN)}</title>
      <g aria-hidden="true">
        <rect class="box" width={width} height={height} rx="10" />
        <path class="glyph" transform={`translate(12 ${height / 2 - 10}) scale(0.84)`} d="M3 6h6.5l2 2.5H21V19H3z" />
        <text class="name" x="40" y={height / 2 - 2}>
          {shortened(place ? nameOf(place) || '/' : endName(uri), 18)}
        </text>
        <text class="under" x="40" y={height / 2 + 13}>
          {shortened(parent, 22)}
        </text>
      </g>
      <Hit
        kind="container"
        aria-haspopup="menu"
        tabIndex={tabIndex}
        aria-label={`Folder ${endText(uri, OWN)}`}
        data-node={drawn.node.id}
        data-container={uri}
      />
      <circle class="handle" cx={width} cy={height / 2} r="6" />
      <circle class="handle-hit" cx={width} cy={height / 2} r="13" data-handle={uri} />
    </g>
  );
}

export function PipeNode({ drawn, entry, tabIndex, isChosen }: NodeProps & { readonly entry: Entry }) {
  const shown = entry.shown.value;
  const { document, state, now } = shown;
  const { history } = entry;
  const { x, y, width, height } = boxOf('pipe', drawn.at);
  const rate = history.rate(now, 'visible');
  const bytes = history.rate(now, 'bytes');
  const lag = lagNow(shown);
  const dead = countsOf(document).missing;
  const said = [
    `Pipe ${endText(document.src, OWN)} to ${endText(document.dest, OWN)}`,
    STATE_WORDS[state],
    `${formatChunkRate(rate)} chunks a second`,
    `lag ${plural(lag.chunks, 'chunk')}, ${formatBytes(lag.bytes)}, ${formatDuration(lag.seconds)}`,
    dead > 0 && plural(dead, 'dead chunk'),
    whyOf(shown),
  ].filter(Boolean);
  return (
    <g class={`node pipe is-${state} ${isChosen ? 'chosen' : ''}`} transform={`translate(${x} ${y})`}>
      <title>{[pipeName(document), whyOf(shown)].filter(Boolean).join('\n')}</title>
      <g aria-hidden="true">
        <rect class="box" width={width} height={height} rx="12" />
        <rect class="edge-mark" x="0" y="12" width="4" height={height - 24} rx="2" />
        <g transform="translate(12 9)">
          <StateShape state={state} />
        </g>
        <text class="word" x="32" y="20.5">
          {STATE_WORDS[state]}
        </text>
        {dead > 0 && (
          <text class="dead-count" x={width - 12} y="20.5" text-anchor="end">
            {`✕ ${formatCount(dead)} dead`}
          </text>
        )}
        <text class="figure" x="14" y="42">
          {formatChunkRate(rate)}
          <tspan class="unit"> chunks/s</tspan>
          {bytes > 0 && <tspan class="unit">{` · ${formatRate(bytes)}`}</tspan>}
        </text>
        <text class={`lag ${lag.chunks > 0 ? 'some' : ''}`} x="14" y="62">
          {lag.chunks === 0 ? 'no lag' : `lag ${formatCount(lag.chunks)} · ${formatBytes(lag.bytes)} · ${formatDuration(lag.seconds)}`}
        </text>
        {(lag.chunks === 0 || dead === 0) && (
          <g transform={`translate(${width - SPARK.width - 12} ${dead > 0 ? height - SPARK.height - 10 : '8) scale(1 0.7'})`}>
            <SparkShape values={history.series(now, 'visible', MINUTE)} {...SPARK} />
          </g>
        )}
      </g>
      <Hit
        kind="pipe"
        tabIndex={tabIndex}
        aria-label={said.join(', ')}
        aria-pressed={isChosen}
        data-node={drawn.node.id}
        data-pipe={entry.id}
      />
    </g>
  );
}

export function GroupNode({ drawn, entry, group, tabIndex, isChosen }: NodeProps & { readonly entry: Entry; readonly group: string }) {
  const shown = entry.shown.value;
  const { document, movement, now } = shown;
  const { x, y, width, height } = boxOf('group', drawn.at);
  const known = document.groups?.find((one) => one.group === group);
  const state = known ? groupState(known, movement, now) : 'idle';
  const lag = stillWaiting(known?.lag, (now - shown.told) / 1000);
  const seconds = formatDuration(lag.seconds);
  const claimed = known?.claimed ? `${formatCount(known.claimed)} claimed` : seconds;
  const facts = lag.chunks === 0 ? 'no lag' : `lag ${formatCount(lag.chunks)} · ${claimed}`;
  const said = `Group ${group} of the pipe to ${endName(document.dest)}, ${STATE_WORDS[state]}, ${facts}, ${seconds}, ${formatBytes(lag.bytes)}`;
  return (
    <g class={`node group is-${state} ${isChosen ? 'chosen' : ''}`} transform={`translate(${x} ${y})`}>
      <title>{said}</title>
      <g aria-hidden="true">
        <rect class="box" width={width} height={height} rx={SIZES.group.height / 2} />
        <g transform={`translate(16 ${height / 2 - 7})`}>
          <StateShape state={state} />
        </g>
        <text class="name" x="38" y={height / 2 - 2}>
          {shortened(group, 17)}
        </text>
        <text class="under" x="38" y={height / 2 + 13}>
          {shortened(facts, 22)}
        </text>
      </g>
      <Hit kind="group" tabIndex={tabIndex} aria-label={said} data-node={drawn.node.id} data-group={group} data-of={entry.id} />
    </g>
  );
}

type HitProps = { readonly kind: GraphNode['kind']; readonly tabIndex: number; readonly 'aria-label': string } & Pick<
  JSX.IntrinsicElements['rect'],
  'aria-haspopup' | 'aria-pressed'
> &
  Readonly<Partial<Record<`data-${string}`, string>>>;

/** What is pressed and has the focus: all of the node, over what is drawn, whose texts are said by its name. Names of attributes of SVG are lower case. */
function Hit({ kind, tabIndex, ...given }: HitProps) {
  const { width, height } = SIZES[kind];
  return (
    <rect class="hit" role="button" width={width} height={height} rx={kind === 'group' ? height / 2 : 11} tabindex={tabIndex} {...given} />
  );
}
