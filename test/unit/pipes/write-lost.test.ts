// What WriteChunk lets go of again: bytes that the pipe has refused or did not need, and never those of which it is not known.
import { describe, expect, test } from 'vitest';
import type { Append, Appended } from '../../../src/durable/pipe/port.ts';
import { Fault } from '../../../src/faults.ts';
import { parseChunkName } from '../../../src/model/chunk-name.ts';
import { ANONYMOUS } from '../../../src/model/principal.ts';
import type { Services } from '../../../src/service/services.ts';
import { writeChunks, type Pin } from '../../../src/service/pipes/write.ts';

const credit = { chunks: 1, bytes: 1 };
const name = parseChunkName('a');

async function released(append: (asked: Append) => Promise<Appended>): Promise<{ readonly times: number; readonly error: unknown }> {
  let times = 0;
  const release = async (): Promise<void> => void times++;
  const chunk = { name, size: 1, bytes: { kind: 'foreign', sized: true } } as const;
  const pin: Pin = async () => ({ chunks: [chunk], pinnedAt: 1, release });
  const services = {
    tickets: { readPipeId: async (text: string) => text },
    pipes: () => ({ append }),
    glances: { at: async () => ({ definition: { source: { kind: 'foreign' } } }) },
    later: (work: Promise<unknown>) => void work,
  } as unknown as Services;
  const writing = writeChunks(services, ANONYMOUS, 'pipe', { kind: 'single', chunks: [{ name }] }, undefined, pin);
  const error = await writing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { times, error };
}

describe('what is pinned', () => {
  test('is kept where the pipe has taken it', async () => {
    const taken = async (): Promise<Appended> => ({ chunks: [{ name, seq: 1, duplicate: false }], credit });
    expect(await released(taken)).toEqual({ times: 0, error: undefined });
  });

  test('is let go where the pipe has it already, and where it refuses', async () => {
    expect((await released(async () => ({ chunks: [{ name, seq: 1, duplicate: true }], credit }))).times).toBe(1);
    const full = new Fault('PipeFull', 'no room');
    expect(await released(() => Promise.reject(full))).toEqual({ times: 1, error: full });
  });

  test('is kept where the pipe has gone away without an answer: it may have taken it', async () => {
    const lost = new Error('Network connection lost.');
    expect(await released(() => Promise.reject(lost))).toEqual({ times: 0, error: lost });
  });
});
