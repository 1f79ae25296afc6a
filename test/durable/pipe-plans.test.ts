// Every statement of a pipe finds its rows by an index: its cost does not grow with what the pipe has held.
import { expect, it } from 'vitest';
import * as chain from '../../src/durable/pipe/chain/queries.ts';
import * as consume from '../../src/durable/pipe/chain/consume-queries.ts';
import * as ending from '../../src/durable/pipe/ending/queries.ts';
import * as groups from '../../src/durable/pipe/groups/queries.ts';
import * as queries from '../../src/durable/pipe/queries.ts';
import * as retention from '../../src/durable/pipe/retention/queries.ts';
import { TestPipe } from './support/pipe.ts';

/** What grows with the number of chunks; the rest is small. */
const LONG = /^SCAN (chunk|log|answered|claim|failed|work|loose|output|outbox)\b/;
/** At the end of a pipe everything is looked through once; of what is loose any will do. */
const ONCE = new Set(['NOT_FOLLOWED', 'ALL_WORK', 'ANY_WORK', 'ANY_OUTBOX', 'ANY_LOOSE', 'SOME_LOOSE']);

it('no statement looks through all chunks', async () => {
  const pipe = await TestPipe.open();
  const found: string[] = [];
  for (const [part, statements] of Object.entries({ chain, consume, ending, groups, queries, retention })) {
    for (const [name, { text }] of Object.entries(statements)) {
      const plan = await planOf(pipe, text);
      if (plan.some(({ detail }) => LONG.test(detail)) && !ONCE.has(name))
        found.push(`${part} ${name}: ${plan.map(({ detail }) => detail).join('; ')}`);
    }
  }
  expect(found).toEqual([]);
});

/** With as many parameters as it has. */
async function planOf(pipe: TestPipe, text: string): Promise<readonly { detail: string }[]> {
  for (let count = 0; ; count++) {
    const parameters = Array.from({ length: count }, () => 0);
    const plan = await pipe.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...parameters).catch((error: unknown) => {
      if (count === 40 || !String(error).includes('Wrong number')) throw error;
    });
    if (plan) return plan;
  }
}
