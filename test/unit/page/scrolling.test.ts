// Which rows stand where, in lists that are higher than any element can be.
import { describe, expect, test } from 'vitest';
import {
  AT_TOP,
  follow,
  heightOf,
  MAX_HEIGHT,
  MOST_ROWS,
  reveal,
  scrollTo,
  settle,
  windowOf,
  type Scroll,
} from '../../../src/page/files/scrolling.ts';

const SMALL = { rowHeight: 36, viewHeight: 600, total: 1000 };
const LARGE = { rowHeight: 36, viewHeight: 600, total: 1_000_000 };
const END = LARGE.total * LARGE.rowHeight - LARGE.viewHeight;
const inSight = (scroll: Scroll, frame = LARGE) => Math.floor(scroll.top / frame.rowHeight);

describe('a list that fits', () => {
  test('is as high as its rows, and its bar says where it is', () => {
    expect(heightOf(SMALL)).toBe(36_000);
    expect(follow(AT_TOP, 1234, SMALL)).toEqual({ top: 1234, scrollTop: 1234 });
    expect(scrollTo(99_999, SMALL)).toEqual({ top: 35_400, scrollTop: 35_400 });
  });
  test('has the rows in sight and a few around them, at their own places', () => {
    const { first, end, offset } = windowOf(scrollTo(3600, SMALL), SMALL);
    expect(first).toBeLessThanOrEqual(96);
    expect(end).toBeGreaterThanOrEqual(117);
    expect(end - first).toBeLessThan(45);
    expect(offset).toBe(first * 36);
  });
  test('keeps to its rows at both ends', () => {
    expect(windowOf(AT_TOP, SMALL).first).toBe(0);
    expect(windowOf(scrollTo(Infinity, SMALL), SMALL).end).toBe(1000);
    expect(windowOf(AT_TOP, { ...SMALL, total: 0 })).toEqual({ first: 0, end: 0, offset: 0 });
  });
});

describe('a list beyond what an element can be', () => {
  test('is as high as is allowed', () => {
    expect(heightOf(LARGE)).toBe(MAX_HEIGHT);
  });
  test('goes to any part when the bar is drawn', () => {
    for (const fraction of [0, 0.001, 0.25, 0.5, 0.99, 1]) {
      const scroll = follow({ top: 500_000, scrollTop: 55_555 }, fraction * (MAX_HEIGHT - 600), LARGE);
      expect(Math.abs(inSight(scroll) - (fraction * END) / 36)).toBeLessThanOrEqual(1);
    }
  });
  test('goes pixel by pixel with the wheel, wherever it is', () => {
    const middle = scrollTo(END / 2, LARGE);
    let scroll = middle;
    for (let step = 1; step <= 50; step++) {
      scroll = follow(scroll, middle.scrollTop + step * 120, LARGE);
      expect(scroll.top).toBe(middle.top + step * 120);
      const { first, offset } = windowOf(scroll, LARGE);
      // What is drawn stands where it should in the element that is scrolled.
      expect(offset - scroll.scrollTop).toBe(first * 36 - scroll.top);
    }
  });
  test('has its bar put right when nothing moves, without a row moving', () => {
    const rolled = follow(scrollTo(END / 2, LARGE), scrollTo(END / 2, LARGE).scrollTop + 900, LARGE);
    const settled = settle(rolled, LARGE);
    expect(settled.top).toBe(rolled.top);
    expect(settled.scrollTop).toBe(scrollTo(rolled.top, LARGE).scrollTop);
    expect(settle(settled, LARGE)).toBe(settled);
  });
  test('reaches both ends by the wheel', () => {
    let scroll = scrollTo(4000, LARGE);
    for (let step = 0; step < 200 && scroll.top > 0; step++)
      scroll = settle(follow(scroll, Math.max(0, scroll.scrollTop - 120), LARGE), LARGE);
    expect(scroll).toEqual(AT_TOP);
    scroll = scrollTo(END - 4000, LARGE);
    const most = MAX_HEIGHT - 600;
    for (let step = 0; step < 200 && scroll.top < END; step++)
      scroll = settle(follow(scroll, Math.min(most, scroll.scrollTop + 120), LARGE), LARGE);
    expect(scroll.top).toBe(END);
  });
  test('has every row within reach', () => {
    for (const index of [0, 1, 499_999, 999_999]) {
      const scroll = reveal(index, scrollTo(END / 3, LARGE), LARGE);
      expect(index * 36).toBeGreaterThanOrEqual(scroll.top);
      expect((index + 1) * 36).toBeLessThanOrEqual(scroll.top + 600);
      const { first, end } = windowOf(scroll, LARGE);
      expect([first <= index, end > index]).toEqual([true, true]);
    }
  });
  test('moves no further than is needed for a row to be seen', () => {
    const scroll = scrollTo(36_000, LARGE);
    expect(reveal(1005, scroll, LARGE)).toBe(scroll);
    expect(reveal(999, scroll, LARGE).top).toBe(999 * 36);
  });
});

test('however high the screen is, there is a most of rows', () => {
  const { first, end } = windowOf(scrollTo(1e6, LARGE), { ...LARGE, viewHeight: 50_000 });
  expect(end - first).toBeLessThanOrEqual(MOST_ROWS);
});
