// What has become of bytes that calls to WriteChunk have had held: their pipe knows, and is asked once, about many calls together.
import { asFault } from '../../../faults.ts';
import type { PipeId } from '../../../model/pipe.ts';
import { all, first } from '../../sql.ts';
import type { Engine } from '../engine.ts';
import { closeHolder, letGo } from '../relocation/holds.ts';
import { GET_HOLDER, HOLDS_OF } from '../relocation/queries.ts';

/** More than a call pins: a holder is one call's. */
const MOST_KEYS = 10_000;
/** Keys of one question. */
const ASKED_KEYS = 5000;

interface Question {
  readonly holder: string;
  readonly keys: readonly string[];
}

/** What the pipe has taken stays until it lets it go; the rest goes. A pipe that is not there has taken nothing. */
export async function askPipe(engine: Engine, pipe: PipeId, holders: readonly string[]): Promise<void> {
  let questions: Question[] = [];
  let keys = 0;
  for (const holder of holders) {
    const question = questionOf(engine, holder);
    if (!question) continue;
    questions.push(question);
    keys += question.keys.length;
    if (keys < ASKED_KEYS) continue;
    await ask(engine, pipe, questions);
    [questions, keys] = [[], 0];
  }
  if (questions.length > 0) await ask(engine, pipe, questions);
}

function questionOf({ core }: Engine, holder: string): Question | undefined {
  const row = first(core.sql, GET_HOLDER, holder);
  if (row?.state !== 'open') return undefined;
  return { holder, keys: all(core.sql, HOLDS_OF, row.id, 0, MOST_KEYS).map(({ key }) => key) };
}

async function ask(engine: Engine, pipe: PipeId, questions: readonly Question[]): Promise<void> {
  const answers = await engine
    .pipe(pipe)
    .askHolders(questions)
    .catch((error: unknown) => {
      if (asFault(error)?.fault === 'PipeNotFound') return [];
      throw error;
    });
  engine.write(() => {
    for (const [i, { holder, keys }] of questions.entries()) {
      const kept = new Set(answers[i]);
      if (kept.size > 0)
        letGo(
          engine.core,
          holder,
          keys.filter((key) => !kept.has(key)),
        );
      closeHolder(engine.core, holder, kept.size > 0);
    }
  });
}
