// Containers that are ends of pipes stay: who tries to move or delete one, or what it is in, is told which pipe.
import { Fault } from '../../../faults.ts';
import type { PipeId } from '../../../model/pipe.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Call } from '../port.ts';
import type { NodeRow } from '../queries.ts';
import type { PipeEndRecord } from './port.ts';
import { END_BELOW, ENDS_OF } from './queries.ts';

/** Throws NodeBusy if a pipe ends at the node or below it. */
export function checkNoPipes(core: Core, call: Call, head: NodeRow): void {
  if (head.type !== 'ContainerNode') return;
  const end = first(core.sql, END_BELOW, head.id);
  if (end) throw new Fault('NodeBusy', `${call.uri} is, or holds, an end of pipe ${end.pipe}: destroy the pipe first`);
}

export function endsOf(core: Core, container: number): readonly PipeEndRecord[] {
  return all(core.sql, ENDS_OF, container).map(({ pipe, role }) => ({ pipe: pipe as PipeId, role: role as PipeEndRecord['role'] }));
}
