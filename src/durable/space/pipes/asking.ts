// What has become of bytes that calls to WriteChunk have had held: their pipe knows, and is asked once.
import { asFault } from '../../../faults.ts';
import type { PipeId } from '../../../model/pipe.ts';
import { all, first } from '../../sql.ts';
import type { Engine } from '../engine.ts';
import { closeHolder, letGo } from '../relocation/holds.ts';
import { GET_HOLDER, HOLDS_OF } from '../relocation/queries.ts';

/** More than a call pins: a holder is one call's. */
const MOST_KEYS = 10_000;
/** Questions that are under way at a time. */
const AT_ONCE = 20;

/** What the pipe has taken stays until it lets it go; the rest goes. A pipe that is not there has taken nothing. */
export async function askPipe(engine: Engine, pipe: PipeId, holders: readonly string[]): Promise<void> {
  for (let from = 0; from < holders.length; from += AT_ONCE)
    await Promise.all(holders.slice(from, from + AT_ONCE).map((holder) => ask(engine, pipe, holder)));
}

async function ask(engine: Engine, pipe: PipeId, name: string): Promise<void> {
  const { core } = engine;
  const holder = first(core.sql, GET_HOLDER, name);
  if (holder?.state !== 'open') return;
  const keys = all(core.sql, HOLDS_OF, holder.id, 0, MOST_KEYS).map(({ key }) => key);
  const kept = await engine
    .pipe(pipe)
    .askHolder(name, keys)
    .catch((error: unknown) => {
      if (asFault(error)?.fault === 'PipeNotFound') return undefined;
      throw error;
    });
  const known = new Set(kept);
  const rest = keys.filter((key) => !known.has(key));
  engine.write(() => {
    if (known.size > 0) letGo(core, name, rest);
    closeHolder(core, name, known.size > 0);
  });
}
