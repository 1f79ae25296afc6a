// The states of readers: what is given out comes back, sorts as positions do, and nothing else is taken.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/faults.ts';
import { formatState, parseState } from '../../../src/model/pipe-state.ts';
import type { PipeId } from '../../../src/model/pipe.ts';

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const pipes = fc.string({ unit: fc.constantFrom(...Array.from(URL_SAFE)), minLength: 22, maxLength: 30 }).map((text) => text as PipeId);
/** Small ones, powers of two and their neighbours, and all the rest. */
const positions = fc.oneof(
  fc.nat(100),
  fc
    .record({ bits: fc.integer({ min: 0, max: 52 }), by: fc.integer({ min: -1, max: 1 }) })
    .map(({ bits, by }) => Math.max(0, 2 ** bits + by)),
  fc.maxSafeNat(),
);

function refusal(pipe: PipeId, text: string): string {
  try {
    return `taken as ${parseState(pipe, text)}`;
  } catch (error) {
    return error instanceof Fault ? error.fault : String(error);
  }
}

describe('a state', () => {
  test(`comes back as its position, is short, and fits into a URL as it is (SEED=${SEED})`, () => {
    const property = fc.property(pipes, positions, (pipe, pos) => {
      const state = formatState(pipe, pos);
      expect(parseState(pipe, state)).toBe(pos);
      expect(state).toMatch(/^[A-Za-z0-9_-]{1,63}$/);
    });
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });

  test(`sorts as its position does (SEED=${SEED})`, () => {
    const property = fc.property(pipes, positions, positions, (pipe, a, b) => {
      const [left, right] = [formatState(pipe, a), formatState(pipe, b)];
      expect(Math.sign(Number(left > right) - Number(left < right))).toBe(Math.sign(a - b));
    });
    fc.assert(property, { seed: SEED, numRuns: 3000 });
  });

  test(`is not taken with any one character changed (SEED=${SEED})`, () => {
    const property = fc.property(pipes, positions, (pipe, pos) => {
      const state = formatState(pipe, pos);
      for (let at = 0; at < state.length; at++)
        for (const other of URL_SAFE)
          if (other !== state[at])
            expect(refusal(pipe, state.slice(0, at) + other + state.slice(at + 1)), `${state}, ${other} at ${at}`).toBe('InvalidState');
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
  });

  test(`is not taken with two neighbours in each other's place (SEED=${SEED})`, () => {
    const property = fc.property(pipes, positions, (pipe, pos) => {
      const state = formatState(pipe, pos);
      for (let at = 0; at + 1 < state.length; at++) {
        const swapped = state.slice(0, at) + (state[at + 1] ?? '') + (state[at] ?? '') + state.slice(at + 2);
        if (swapped !== state) expect(refusal(pipe, swapped), `${state} at ${at}`).toBe('InvalidState');
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 1000 });
  });

  test(`of another pipe is not taken (SEED=${SEED})`, () => {
    const property = fc.property(pipes, pipes, positions, (pipe, other, pos) => {
      fc.pre(pipe.slice(0, 8) !== other.slice(0, 8));
      expect(refusal(other, formatState(pipe, pos))).toBe('InvalidState');
    });
    fc.assert(property, { seed: SEED, numRuns: 1000 });
  });

  test(`is never made of any other text (SEED=${SEED})`, () => {
    const property = fc.property(
      pipes,
      fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 30 })),
      (pipe, text) => {
        fc.pre(!['', '-1', 'now'].includes(text));
        expect(refusal(pipe, text)).toBe('InvalidState');
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 2000 });
  });

  test.each([
    ['absent', undefined, 0],
    ['empty', '', 0],
    ['-1', '-1', 0],
    ['now', 'now', 'now'],
  ])('that is %s has its meaning for every pipe', (_, text, position) => {
    expect(parseState('a-pipe-that-is-not-there' as PipeId, text)).toBe(position);
  });

  test('beyond every position is not taken', () => {
    const pipe = 'abcdefghijklmnop' as PipeId;
    const largest = formatState(pipe, Number.MAX_SAFE_INTEGER);
    expect(parseState(pipe, largest)).toBe(Number.MAX_SAFE_INTEGER);
    const wrong = Array.from('0123456789abcdefghjkmnpqrstvwxyzilou_').map((check) =>
      refusal(pipe, `zzzzzzzzzzz${pipe.slice(0, 8)}${check}`),
    );
    expect(new Set(wrong)).toEqual(new Set(['InvalidState']));
  });
});
