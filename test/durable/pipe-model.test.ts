// Random operations on pipes, by several writers and readers, through evictions, alarms, repeats and jumps of the clock, against lists in memory.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { Random } from '../support/random.ts';
import { PipeDriver } from './support/pipe-driver.ts';
import { TestPipe } from './support/pipe.ts';

const vars = env as { SEED?: string; OPERATIONS?: string };
const SEED = Number(vars.SEED ?? Math.floor(Math.random() * 2 ** 31));
const OPERATIONS = Number(vars.OPERATIONS ?? 15_000);
const STEPS = 350;

it(`pipes do what the reference does (SEED=${SEED})`, { timeout: 1_200_000 }, async () => {
  const kinds = new Map<string, number>();
  let [operations, pipes, chunks, trimmed, outrun] = [0, 0, 0, 0, 0];
  for (; operations < OPERATIONS; pipes++) {
    const random = new Random(SEED + pipes);
    const driver = new PipeDriver(
      await TestPipe.open({
        order: random.pick(['write', 'ready']),
        onDead: random.pick(['show', 'show', 'halt']),
        maxChunks: random.pick([20, 60, 400]),
        maxBytes: random.pick([9000, 2 ** 40]),
        retain: random.pick([{ kind: 'age', seconds: 7 * 86_400 }, { kind: 'bytes', bytes: 4000 }, { kind: 'forever' }]),
        materialise: random.chance(0.3),
        parallel: random.between(1, 6),
      }),
      random,
    );
    let step = 0;
    try {
      for (; step < STEPS; step++) await driver.step();
      await driver.drain();
    } catch (error) {
      // More than is kept has come in one step: then nobody can read what it was, and the reader is told so.
      if (asFault(error)?.fault === 'StateTrimmed' && driver.pipe.definition.options.retain.kind === 'bytes') outrun++;
      else
        throw new Error(
          `SEED=${SEED + pipes} OPERATIONS=1 leads to it, at step ${step} of ${JSON.stringify(driver.pipe.definition.options)}: ${String(error)}`,
          { cause: error },
        );
    }
    operations += driver.operations;
    chunks += driver.reference.chunks.length;
    trimmed += driver.reference.trimmed;
    for (const [kind, count] of driver.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  console.log(
    `SEED=${SEED}: ${operations} operations on ${pipes} pipes, ${chunks} chunks, ${trimmed} trimmed: ${JSON.stringify(Object.fromEntries(kinds))}`,
  );
  expect(operations).toBeGreaterThanOrEqual(OPERATIONS);
  expect(outrun, 'pipes that were left because of it').toBeLessThanOrEqual(1 + pipes / 5);
});
