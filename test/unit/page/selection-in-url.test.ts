// Which of two is believed: the names in the URL or what is selected, in whatever order they come.
import { describe, expect, test } from 'vitest';
import { SelectionInUrl } from '../../../src/page/files/selection-in-url.ts';

/** Of a table whose rows are there, with these selected and told to the URL. */
function settled(...names: string[]): SelectionInUrl {
  const state = new SelectionInUrl();
  state.urlSays('', true);
  select(state, ...names);
  state.urlSays(names.join('/'), true);
  return state;
}
/** Until it rests. True: it is told. */
function select(state: SelectionInUrl, ...names: string[]): boolean {
  state.selects(names);
  return state.rests();
}

describe('what the URL names', () => {
  test('is looked for when the rows are there, selected when it is found, and not told to the URL again', () => {
    const state = new SelectionInUrl();
    expect([state.urlSays('a/b', false), select(state), state.urlSays('a/b', true)]).toEqual([false, false, true]);
    expect([state.found('a/b'), select(state, 'a', 'b')]).toEqual([true, false]);
  });
  test('is told as what it is when some of it is not there', () => {
    const state = settled();
    state.urlSays('a/b', true);
    expect([state.found('a/b'), select(state, 'b'), state.urlSays('b', true)]).toEqual([true, true, false]);
  });
  test('is looked for again when other rows have come meanwhile, and selected once', () => {
    const state = settled();
    state.urlSays('a', true);
    expect([state.urlSays('a', false), state.found('a'), state.urlSays('a', true)]).toEqual([false, false, true]);
    expect([state.found('a'), state.found('a')]).toEqual([true, false]);
  });
  test('is forgotten when the URL names something else before it is found, or nothing', () => {
    const state = settled('old');
    expect([state.urlSays('a', true), state.urlSays('b', true), state.found('a'), state.found('b')]).toEqual([true, true, false, true]);
    state.selects(['b']);
    expect([state.urlSays('', true), state.found('')]).toEqual([true, true]);
  });
  test('is forgotten at once when the user selects something else', () => {
    const state = settled('old');
    state.urlSays('a', true);
    state.selects(['mine']);
    expect([state.found('a'), state.rests(), state.urlSays('mine', true)]).toEqual([false, true, false]);
  });
});

describe('a renaming', () => {
  test('is followed when the old name is still selected, or has gone, while the new one is looked for', () => {
    for (const left of [['old'], []]) {
      const state = settled('old');
      expect([state.urlSays('new', true), select(state, ...left), state.found('new')]).toEqual([true, false, true]);
      expect(select(state, 'new')).toBe(false);
    }
  });
  test('is followed when the old name has been seen to go, and been told so, before the new one is named', () => {
    const state = settled('old');
    expect([select(state), state.urlSays('', true), state.urlSays('new', true), state.found('new')]).toEqual([true, false, true, true]);
  });
  test('is followed before the URL has been told of the old name', () => {
    const state = settled();
    state.selects(['old']);
    expect([state.urlSays('new', true), state.rests(), state.found('new')]).toEqual([true, false, true]);
  });
  test('that leaves nothing with that name leaves nothing selected', () => {
    const state = settled('old');
    state.urlSays('new', true);
    expect([state.found('new'), select(state), state.urlSays('', true)]).toEqual([true, true, false]);
  });
});

describe('what is drawn late', () => {
  test('does not bring back what was selected before', () => {
    const state = settled('a');
    expect([select(state, 'b'), select(state, 'c')]).toEqual([true, true]);
    for (const late of ['a', 'b', 'c']) expect(state.urlSays(late, true), late).toBe(false);
    expect(select(state, 'c')).toBe(false);
  });
  test('is told from a way back to it', () => {
    const state = settled('a');
    select(state, 'b');
    state.urlSays('b', true);
    expect([state.urlSays('a', true), state.found('a')]).toEqual([true, true]);
  });
});

test('more than the URL can hold is told as nothing, and stays selected', () => {
  const state = settled('a');
  const many = Array.from({ length: 60 }, (_, at) => String(at));
  expect([select(state, ...many), state.urlSays('', true), select(state, ...many, 'one more')]).toEqual([true, false, false]);
});
