// Containers that are ends of pipes stay: who tries to move or delete one, or what it is in, is told which pipe.
import { Fault } from '../../../faults.ts';
import type { PipeId } from '../../../model/pipe.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Call } from '../port.ts';
import { HAS_CHILDREN, type NodeRow } from '../queries.ts';
import type { PipeEndRecord } from './port.ts';
import { ALL_ENDS, END_AT, END_BELOW, ENDS_OF, type EndRow } from './queries.ts';

/** Throws NodeBusy if a pipe ends at the node or below it. */
export function checkNoPipes(core: Core, call: Call, head: NodeRow): void {
  if (head.type !== 'ContainerNode') return;
  // An empty container is often one of many that are looked at.
  const end = first(core.sql, first(core.sql, HAS_CHILDREN, head.id) ? END_BELOW : END_AT, head.id);
  if (end) throw new Fault('NodeBusy', `${call.uri} is, or holds, an end of pipe ${end.pipe}: destroy the pipe first`);
}

export function endsOf(core: Core, container: number): readonly PipeEndRecord[] {
  return all(core.sql, ENDS_OF, container).map(toRecord);
}

export function allEnds(core: Core): readonly PipeEndRecord[] {
  return all(core.sql, ALL_ENDS).map(toRecord);
}

function toRecord({ pipe, role }: EndRow): PipeEndRecord {
  return { pipe: pipe as PipeId, role: role as PipeEndRecord['role'] };
}
