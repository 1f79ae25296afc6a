// The table of pipes: its rows, sorted and filtered.
import type { PipeDocument } from '../../../model/json/pipe-answers.ts';
import { countsOf, FLOW_STATES, worstLag, type FlowState } from './flow-state.ts';
import { decoded } from '../../kit/decoded.ts';

export interface Row {
  readonly document: PipeDocument;
  readonly state: FlowState;
  /** Chunks and bytes a second. */
  readonly rate: number;
  readonly byteRate: number;
}

export const COLUMNS = ['src', 'dest', 'state', 'rate', 'bytes', 'written', 'lag', 'lagBytes', 'lagSeconds', 'dead', 'groups'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Wanted {
  readonly state?: FlowState | undefined;
  /** Part of a container's path. */
  readonly text?: string | undefined;
}

export function isColumn(text: string): text is Column {
  return (COLUMNS as readonly string[]).includes(text);
}

export function isWanted({ document: { src, dest, pipe }, state }: Pick<Row, 'document' | 'state'>, wanted: Wanted): boolean {
  const text = wanted.text?.trim().toLowerCase();
  if (wanted.state !== undefined && state !== wanted.state) return false;
  return !text || [src, dest, pipe].some((one) => decoded(one).toLowerCase().includes(text));
}

/** What is the same in the column stays in the order in which pipes were made. */
export function sorted(rows: readonly Row[], column: Column, descending: boolean): readonly Row[] {
  const by = VALUES[column];
  const sign = descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [by(one), by(other)];
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
    return order === 0 ? one.document.pipe.localeCompare(other.document.pipe) : sign * order;
  });
}

const VALUES: Readonly<Record<Column, (row: Row) => number | string>> = {
  src: ({ document }) => document.src,
  dest: ({ document }) => document.dest,
  state: ({ state }) => FLOW_STATES.indexOf(state),
  rate: ({ rate }) => rate,
  bytes: ({ byteRate }) => byteRate,
  written: ({ document }) => countsOf(document).written,
  lag: ({ document }) => worstLag(document).chunks,
  lagBytes: ({ document }) => worstLag(document).bytes,
  lagSeconds: ({ document }) => worstLag(document).seconds,
  dead: ({ document }) => countsOf(document).missing,
  groups: ({ document }) => document.groups?.length ?? 0,
};
