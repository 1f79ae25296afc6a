// A pipe's description brought up to date by what the live stream tells of it.
import type { PipeChange } from '../../../model/event.ts';
import type { PipeDocument } from '../../../model/json/pipe-answers.ts';
import type { GroupDescription } from '../../../model/pipe-group.ts';

import { countsOf } from './flow-state.ts';

/** Members that events do not tell stay as they were. */
export function merge(document: PipeDocument, change: PipeChange): PipeDocument {
  const { reason: _, ...known } = document;
  const { written, visible, dead, missing, lag, condition, reason } = change;
  const groups = mergeGroups(document.groups, change.groups);
  return {
    ...known,
    condition,
    ...(reason !== undefined && { reason }),
    counts: { ...countsOf(document), written, visible, dead, missing, waiting: lag.chunks },
    bytes: { written: change.bytes, visible: Math.max(0, change.bytes - lag.bytes) },
    lag,
    ...(change.consumes && { consumes: change.consumes }),
    ...(groups && { groups }),
  };
}

/** Whether a group has come or gone, so that the description has to be read again. */
export function hasOtherGroups(document: PipeDocument, { groups = [] }: PipeChange, most: number): boolean {
  const known = (document.groups ?? []).slice(0, most).map(({ group }) => group);
  return known.join(' ') !== groups.map(({ group }) => group).join(' ');
}

function mergeGroups(known: readonly GroupDescription[] | undefined, told: PipeChange['groups']): readonly GroupDescription[] | undefined {
  if (!known || !told) return known;
  const changes = new Map(told.map((group) => [group.group, group]));
  return known.map((group) => ({ ...group, ...changes.get(group.group) }));
}
