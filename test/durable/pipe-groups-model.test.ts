// Random readers of groups, through leases that end, zombies, repeats, evictions, alarms and jumps of the clock, against lists in memory.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { Random } from '../support/random.ts';
import { GroupDriver } from './support/group-driver.ts';
import { TestPipe } from './support/pipe.ts';

const vars = env as { SEED?: string; OPERATIONS?: string };
const SEED = Number(vars.SEED ?? Math.floor(Math.random() * 2 ** 31));
const OPERATIONS = Number(vars.OPERATIONS ?? 2000);
const STEPS = 250;

it(`groups of readers do what the reference does (SEED=${SEED})`, { timeout: 300_000 }, async () => {
  const kinds = new Map<string, number>();
  let operations = 0;
  for (let round = 0; operations < OPERATIONS; round++) {
    const seed = SEED + round;
    const random = new Random(seed);
    const retain = random.pick([
      { kind: 'age', seconds: 30 },
      { kind: 'acked' },
      { kind: 'bytes', bytes: 500 },
      { kind: 'forever' },
    ] as const);
    const pipe = await TestPipe.open({ order: random.pick(['write', 'ready'] as const), retain });
    const driver = new GroupDriver(pipe, random);
    let step = 0;
    try {
      for (; step < STEPS; step++) await driver.step();
      await driver.drain(retain);
    } catch (error) {
      throw new Error(`SEED=${seed} OPERATIONS=1 leads to it, at step ${step}: ${String(error)}`, { cause: error });
    }
    operations += STEPS;
    for (const [kind, count] of driver.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  console.log(`SEED=${SEED}: ${operations} operations: ${JSON.stringify(Object.fromEntries(kinds))}`);
  for (const kind of ['claim', 'ack', 'nack', 'extend', 'fenced', 'retry', 'put', 'drop', 'trimmed'])
    expect(kinds.get(kind), kind).toBeGreaterThan(0);
});
