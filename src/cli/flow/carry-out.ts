// What is to be done to a flow: shown, asked at a terminal, and done.
import { confirm, isAnswered } from '../ask.ts';
import type { Context } from '../command.ts';
import { shown } from '../terminal.ts';
import { lineOfChange } from './change-line.ts';
import type { Change, Found } from './difference.ts';
import type { Site } from './site.ts';
import { apply, checkGoing } from './up.ts';

interface Wanted {
  /** Nothing is asked. */
  readonly yes: boolean;
  readonly force: boolean;
  readonly purge: boolean;
  /** Only shown. */
  readonly dry?: boolean;
}

/** False: the person does not want it. Throws what `checkGoing` and `apply` do. */
export async function carryOut(
  { terminal, signal, json, quiet }: Context,
  site: Site,
  found: Found,
  changes: readonly Change[],
  { yes, force, purge, dry = false }: Wanted,
): Promise<boolean> {
  for (const change of changes) {
    if (!json && (!quiet || dry)) await terminal.out(`${shown(lineOfChange(change))}\n`);
    else if (terminal.watched) terminal.say(shown(lineOfChange(change)));
  }
  await checkGoing(site, found, changes, { signal, force });
  const told = async (change: Change, done: boolean): Promise<void> => void (json && (await terminal.json({ ...change, done })));
  if (dry) for (const change of changes) await told(change, false);
  if (dry || changes.length === 0) return true;
  const question = `vopipe: do this${purge ? ', with what was delivered' : ''}?`;
  if (!yes && isAnswered(terminal) && !(await confirm(terminal, question, signal))) return false;
  const kept = (uri: string, why: string): void => terminal.say(`${shown(uri)} stays: ${shown(why)}`);
  await apply(site, changes, { signal, force, purge, done: (change) => told(change, true), kept });
  return true;
}
