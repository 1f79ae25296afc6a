// What the screen of pipes makes of what it is told: rates, states, stalls, and drawings that are far enough apart.
import { describe, expect, test } from 'vitest';
import type { PipeChange } from '../../../src/model/event.ts';
import type { PipeDocument } from '../../../src/model/json/pipe-answers.ts';
import type { PipeGroup, PipeId } from '../../../src/model/pipe.ts';
import { Coalescer, framesApart } from '../../../src/page/pipes/model/coalescer.ts';
import { firstMovement, groupState, moved, STALLED_AFTER, stateOf, worstLag } from '../../../src/page/pipes/model/flow-state.ts';
import { History, REMEMBERED } from '../../../src/page/pipes/model/history.ts';
import { hasOtherGroups, merge } from '../../../src/page/pipes/model/merge.ts';

const START = 1_000_000_000_000;
const NO_LAG = { chunks: 0, bytes: 0, seconds: 0 };

function pipe(more: Partial<PipeDocument> = {}, counts: Partial<NonNullable<PipeDocument['counts']>> = {}): PipeDocument {
  const all = { written: 0, visible: 0, waiting: 0, dead: 0, missing: 0, trimmed: 0, ...counts };
  return { pipe: 'p', condition: 'open', src: 'vos://x/a', dest: 'vos://x/b', counts: all, lag: NO_LAG, ...more };
}

function group(name: string, lag: number, acked: number): NonNullable<PipeDocument['groups']>[number] {
  return { group: name, lag: { chunks: lag, bytes: lag, seconds: lag }, acked, claimed: 0, dead: 0 } as never;
}

describe('the history of a pipe', () => {
  const totals = (n: number, lag = 0) => ({ written: n, visible: n, bytes: n * 100, lag });

  test('takes the first counts as a beginning, and what is added since as flow', () => {
    const history = new History();
    history.add(START, totals(5000));
    expect(history.rate(START, 'visible')).toBe(0);
    for (let i = 1; i <= 10; i++) history.add(START + i * 500, totals(5000 + i * 5));
    expect(history.rate(START + 4999, 'visible')).toBeCloseTo(9, 5);
    expect(history.rate(START + 4999, 'bytes')).toBeCloseTo(900, 5);
    expect(history.rate(START + 60_000, 'visible')).toBe(0);
  });

  test('has a value for each second of which something is known, the oldest first, and forgets what is too long ago', () => {
    const history = new History();
    history.add(START, totals(0));
    history.add(START + 1000, totals(3));
    history.add(START + 3000, totals(4));
    expect(history.series(START + 4000, 'visible', 5)).toEqual([0, 3, 0, 1]);
    expect(history.series(START + 1000 * (REMEMBERED + 10), 'visible', REMEMBERED).every((value) => value === 0)).toBe(true);
  });

  test('keeps the lag until another is told, and no flow is negative', () => {
    const history = new History();
    history.add(START, totals(10, 7));
    history.add(START + 1000, totals(4, 7));
    expect(history.series(START + 3000, 'lag', 3)).toEqual([7, 7, 7]);
    expect(history.series(START + 3000, 'visible', 3)).toEqual([0, 0, 0]);
  });

  test('takes what was before from the times of chunks, within what it remembers', () => {
    const history = new History();
    history.addPast(START, 'visible', START - 2000, 1);
    history.addPast(START, 'visible', START - 2000, 1);
    history.addPast(START, 'visible', START - REMEMBERED * 1000, 1);
    history.addPast(START, 'visible', START + 5000, 1);
    expect(history.series(START, 'visible', 3)).toEqual([2, 0]);
    expect(history.series(START, 'lag', 3)).toEqual([]);
  });
});

describe('the state of a pipe', () => {
  test('is stalled when chunks wait and nothing has moved for thirty seconds, and not a moment before', () => {
    const waits = pipe({ lag: { chunks: 3, bytes: 3, seconds: 1 } }, { written: 3 });
    const movement = firstMovement(waits, START);
    expect(stateOf(waits, movement, START + STALLED_AFTER - 1)).toBe('idle');
    expect(stateOf(waits, movement, START + STALLED_AFTER)).toBe('stalled');
    const one = pipe({ lag: { chunks: 2, bytes: 2, seconds: 1 } }, { written: 3, visible: 1 });
    const after = moved(movement, waits, one, START + 29_000);
    expect(stateOf(one, after, START + STALLED_AFTER)).toBe('flowing');
    expect(stateOf(one, after, START + 29_000 + STALLED_AFTER)).toBe('stalled');
  });

  test('is not stalled when what waits has just come', () => {
    const empty = pipe();
    const waits = pipe({ lag: { chunks: 1, bytes: 1, seconds: 0 } }, { written: 1 });
    const movement = moved(firstMovement(empty, START), empty, waits, START + 100_000);
    expect(stateOf(waits, movement, START + 100_000)).toBe('flowing');
    expect(stateOf(waits, movement, START + 110_000)).toBe('idle');
  });

  test('is stalled by a group that acknowledges nothing', () => {
    const before = pipe({ groups: [group('g', 5, 0), group('h', 0, 5)] });
    const movement = firstMovement(before, START);
    const later = START + STALLED_AFTER;
    expect(stateOf(before, movement, later)).toBe('stalled');
    expect(groupState(group('h', 0, 5), movement, later)).toBe('idle');
    const acked = pipe({ groups: [group('g', 4, 1), group('h', 0, 5)] });
    expect(stateOf(acked, moved(movement, before, acked, later), later)).toBe('flowing');
    expect(worstLag(before).chunks).toBe(5);
  });

  test('says first what somebody has to do', () => {
    const state = (document: PipeDocument) => stateOf(document, firstMovement(document, START), START);
    expect(state(pipe({ condition: 'authRequired' }, { missing: 1 }))).toBe('authRequired');
    expect(state(pipe({ condition: 'closed' }, { missing: 1 }))).toBe('dead');
    expect(state(pipe({ condition: 'closed' }))).toBe('closed');
    expect(state(pipe({ condition: 'destroying' }))).toBe('destroying');
  });
});

describe('what events tell', () => {
  const change: PipeChange = {
    pipe: 'p' as PipeId,
    src: '',
    dest: '',
    condition: 'open',
    written: 7,
    visible: 5,
    bytes: 70,
    lag: { chunks: 2, bytes: 20, seconds: 3 },
    dead: 1,
    missing: 1,
    reads: 0,
    groups: [{ group: 'g' as PipeGroup, lag: NO_LAG, claimed: 2, acked: 4, dead: 0 }],
  };

  test('is put into the description, and leaves what it does not tell', () => {
    const merged = merge(pipe({ reason: 'x', groups: [group('g', 9, 0)], owner: 'ada' }, { trimmed: 3 }), change);
    expect(merged).toMatchObject({ owner: 'ada', counts: { written: 7, visible: 5, trimmed: 3, missing: 1 }, bytes: { visible: 50 } });
    expect(merged.groups).toMatchObject([{ group: 'g', claimed: 2, acked: 4 }]);
    expect('reason' in merged).toBe(false);
  });

  test('asks for a description where a group has come or gone', () => {
    expect(hasOtherGroups(pipe({ groups: [group('g', 0, 0)] }), change, 10)).toBe(false);
    expect(hasOtherGroups(pipe(), change, 10)).toBe(true);
    expect(hasOtherGroups(pipe({ groups: ['g', 'h'].map((name) => group(name, 0, 0)) }), change, 1)).toBe(false);
  });

  test('is drawn once for any number of events, the last of each pipe', () => {
    const due: (() => void)[] = [];
    const drawn: [string, number][][] = [];
    const coalescer = new Coalescer<string, number>({
      schedule: (run) => due.push(run),
      join: (before, next) => before + next,
      flush: (items) => drawn.push([...items]),
    });
    for (let i = 0; i < 1000; i++) coalescer.add(i % 2 === 0 ? 'a' : 'b', 1);
    expect(due).toHaveLength(1);
    due.shift()?.();
    expect(drawn).toEqual([
      [
        ['a', 500],
        ['b', 500],
      ],
    ]);
    coalescer.add('a', 1);
    due.shift()?.();
    expect(drawn[1]).toEqual([['a', 1]]);
  });

  test('waits for a frame, and for the time that two drawings are apart', () => {
    let now = 0;
    const [frames, waits]: [(() => void)[], [() => void, number][]] = [[], []];
    const schedule = framesApart(
      200,
      () => now,
      (run) => frames.push(run),
      (run, ms) => waits.push([run, ms]),
    );
    let runs = 0;
    schedule(() => (runs += 1));
    expect([frames.length, waits.length]).toEqual([1, 0]);
    frames.shift()?.();
    now = 50;
    schedule(() => (runs += 1));
    expect([frames.length, waits[0]?.[1]]).toEqual([0, 150]);
    now = 200;
    waits.shift()?.[0]();
    frames.shift()?.();
    expect(runs).toBe(2);
  });
});
