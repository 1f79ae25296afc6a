// Drawings of graphs: where boxes and lines are.
import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/model/drawing/layout.ts';

const box = (id: string, width = 80, height = 40) => ({ id, width, height });
const line = (ends: string, room?: number) => ({ from: ends[0] ?? '', to: ends[1] ?? '', ...(room !== undefined && { room }) });

describe('a layout', () => {
  test('has a place for everything, side by side and from left to right, whether it is joined or not', () => {
    const boxes = Array.from('abcdefghxyz', (id, i) => box(id, 60 + 17 * i, 30 + 5 * (i % 3)));
    const lines = ['ab', 'ac', 'bd', 'cd', 'de', 'ae', 'fe', 'gh', 'xz', 'yz'].map((ends) => line(ends));
    const { boxes: places, width, height, bends } = layOut(boxes, lines);
    const edges = boxes.map(({ id, width: w, height: h }) => {
      const { x = NaN, y = NaN } = places.get(id) ?? {};
      return { left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2 };
    });
    for (const [i, one] of edges.entries()) {
      expect(one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height).toBe(true);
      for (const other of edges.slice(i + 1))
        expect(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top).toBe(true);
    }
    for (const { from, to } of lines) expect(places.get(from)?.x).toBeLessThan(places.get(to)?.x ?? 0);
    expect(bends[lines.findIndex(({ from, to }) => from === 'a' && to === 'e')]?.length).toBeGreaterThan(0);
  });

  test('leaves the room that a line needs behind the boxes where it begins', () => {
    const gap = (room?: number): number => {
      const { boxes } = layOut([box('a'), box('b')], [line('ab', room)]);
      return (boxes.get('b')?.x ?? 0) - (boxes.get('a')?.x ?? 0) - 80;
    };
    expect([gap(), gap(10), gap(300)]).toEqual([60, 60, 300]);
  });

  test('has loops, and lines from a box to itself', () => {
    const { boxes, bends } = layOut(
      ['a', 'b', 'c'].map((id) => box(id)),
      ['ab', 'bc', 'ca', 'aa'].map((ends) => line(ends)),
    );
    expect(Array.from(boxes.values(), ({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toEqual([true, true, true]);
    expect(new Set(Array.from(boxes.values(), ({ x }) => x)).size).toBe(3);
    expect(bends).toHaveLength(4);
  });

  test('of nothing is empty', () => expect(layOut([], [])).toMatchObject({ width: 0, height: 0, bends: [] }));
});
