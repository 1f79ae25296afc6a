// What of a pipe may be changed while it is there.
import { changeOptions } from '../../model/pipe-options.ts';
import { checkPipe } from '../../model/pipe-rights.ts';
import type { Principal } from '../../model/principal.ts';
import { run } from '../sql.ts';
import type { Core } from './core.ts';
import * as e from './ending/queries.ts';
import type { PipeChanges } from './settings-port.ts';
import { advance } from './log/visible.ts';

/** A row of work: pipes are looked for that this one follows. */
export const LINK = 'link';

/** To be called inside a transaction. */
export function changePipe(core: Core, principal: Principal, { options, access }: PipeChanges): void {
  core.row();
  const before = core.definition();
  checkPipe(before, principal, 'manage');
  const definition = { ...before, options: changeOptions(before.options, options ?? {}), access: { ...before.access, ...access } };
  core.set({ definition: JSON.stringify(definition) });
  if (definition.options.follow && !before.options.follow) run(core.sql, e.ADD_WORK, LINK, 'waiting', core.clock(), core.row().attempts);
  // A bound that was raised makes room; what stood behind a dead chunk may be shown.
  core.happened.room = true;
  if (access) core.happened.access = true;
  advance(core);
}
