// Consume-transform-produce: what is made of a claimed chunk of another pipe is written once, and the claim is acknowledged when it is durable.
import { Fault } from '../../../faults.ts';
import { checkPipe } from '../../../model/pipe-rights.ts';
import { first, run } from '../../sql.ts';
import { appendChunks, type Written } from '../appends.ts';
import type { Core } from '../core.ts';
import * as o from './consume-queries.ts';
import { creditOf } from '../credit.ts';
import { owe } from '../outbox.ts';
import type { Append, Appended } from '../port.ts';
import type { ConsumedGroup } from '../../../model/pipe-standing.ts';

const MOST_CONSUMED = 20;

/**
 * As `appendChunks`. The first that writes this output of that chunk wins: what comes later under the same is answered with the first seqs, whatever
 * it brings. To be called inside a transaction.
 */
export function appendOutput(core: Core, append: Append, written: Written): Appended {
  const { consumed, principal } = append;
  if (!consumed) return appendChunks(core, append, written);
  const { pipe, group, seq, output, fence, ack, isHeld } = consumed;
  core.row();
  checkPipe(core.definition(), principal, 'write');
  const before = first(core.sql, o.GET_OUTPUT, pipe, group, seq, output);
  if (!before && !isHeld) throw new Fault('Fenced', `chunk ${seq} has been acknowledged, and this output was not written before`);
  const appended = before ? repeated(core, before.answer) : appendChunks(core, append, written);
  if (!before) run(core.sql, o.ADD_OUTPUT, pipe, group, seq, output, JSON.stringify(appended.chunks), core.row().seqs);
  // Also of a repeat: whoever has claimed the chunk again finds that it has been done.
  if (ack) owe(core, { kind: 'ack', pipe, group, fence, principal });
  return appended;
}

/** Of whose claimed chunks something has been written here, as far as that is remembered: at most MOST_CONSUMED. */
export function consumedBy(core: Core): readonly ConsumedGroup[] {
  const found: ConsumedGroup[] = [];
  for (let at: { pipe: string; group: string } | undefined = { pipe: '', group: '' }; found.length < MOST_CONSUMED;) {
    at = first(core.sql, o.NEXT_CONSUMED, at.pipe, at.group);
    if (!at) break;
    found.push(at as ConsumedGroup);
  }
  return found;
}

function repeated(core: Core, answer: string): Appended {
  const chunks = JSON.parse(answer) as Appended['chunks'];
  return { chunks: chunks.map((chunk) => ({ ...chunk, duplicate: true })), credit: creditOf(core) };
}
