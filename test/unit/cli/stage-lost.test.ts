// A stage that loses a chunk while it says why its work on it has failed: somebody else has it, and the stage goes on.
import { expect, test } from 'vitest';
import { Claim } from '../../../src/client/pipe-consumers.ts';
import { VospaceError } from '../../../src/client/error.ts';
import { WorkFailure } from '../../../src/cli/stage/failure.ts';
import { Scratch } from '../../../src/cli/stage/scratch.ts';
import type { Stage, StageEvent } from '../../../src/cli/stage/stage.ts';
import { workOn } from '../../../src/cli/stage/work-on.ts';

const CHUNK = { seq: 7, name: 'c', status: 'ready', deliveries: 1, fence: 'f', leaseEnds: '' } as unknown as Claim['chunk'];
const FENCED = new VospaceError('Fenced', 'the claim of chunk 7 has ended');

/** Events of one chunk whose work fails; `giving`: what happens when it is given back. */
async function fail(
  giving: (claim: Claim, kill: AbortController) => void,
  thrown: Error = new WorkFailure('no'),
): Promise<readonly string[]> {
  const events: StageEvent[] = [];
  const kill = new AbortController();
  const claim = new Claim(CHUNK, async () => undefined);
  const group = {
    keep: async () => undefined,
    describe: async () => {
      giving(claim, kill);
      return { maxDeliveries: 5 };
    },
  };
  const stage = {
    input: { id: 'p', group: () => group },
    group: 'g',
    work: () => Promise.reject(thrown),
  } as unknown as Stage;
  const scratch = Scratch.open();
  try {
    await workOn(stage, claim, scratch, kill.signal, (event) => events.push(event));
  } finally {
    scratch.close();
  }
  return events.map(({ kind }) => kind);
}

test('a chunk that is lost while it is given back is lost, and no failure of the stage', async () => {
  expect(await fail((claim) => claim.lose(FENCED))).toEqual(['begun', 'lost']);
});

test('a chunk whose stage is ended while it is given back goes back uncounted', async () => {
  expect(await fail((_, kill) => kill.abort(new Error('ended')))).toEqual(['begun', 'returned']);
});

test('a chunk that is given back in peace has failed', async () => {
  expect(await fail(() => undefined)).toEqual(['begun', 'failed']);
});

test('what is a mistake of the stage itself ends it', async () => {
  await expect(fail(() => undefined, new Error('a mistake'))).rejects.toThrow('a mistake');
});

test('a chunk for which no directory can be made is given back, and not kept up any more', async () => {
  const sent: unknown[] = [];
  const claim = new Claim(CHUNK, async (...one) => void sent.push(one));
  const until = Promise.withResolvers<void>();
  const group = { keep: (_: unknown, signal: AbortSignal) => (signal.addEventListener('abort', () => until.resolve()), until.promise) };
  const stage = { input: { id: 'p', group: () => group }, group: 'g', work: async () => [] } as unknown as Stage;
  const scratch = Scratch.open();
  scratch.close();
  await expect(workOn(stage, claim, scratch, new AbortController().signal, () => undefined)).rejects.toThrow('ENOENT');
  expect(sent).toHaveLength(1);
});
