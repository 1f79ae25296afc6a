// The graph of pipes: what it is made of, where it stands, how one goes about in it; and the table's order.
import { describe, expect, test } from 'vitest';
import type { PipeDocument } from '../../../src/model/json/pipe-answers.ts';
import { SIZES } from '../../../src/page/pipes/graph/sizes.ts';
import { layoutOf } from '../../../src/page/pipes/layout.ts';
import { curveThrough, placeAt, pointsAlong } from '../../../src/model/drawing/curve.ts';
import type { Point } from '../../../src/model/drawing/points.ts';
import { thickness } from '../../../src/page/pipes/model/thickness.ts';
import { shortened } from '../../../src/page/pipes/model/figures.ts';
import { containerId, graphOf, pipeNodeId, shapeOf } from '../../../src/page/pipes/model/graph.ts';
import { endText, pipeName } from '../../../src/page/pipes/model/names.ts';
import { neighbourOf } from '../../../src/page/pipes/model/neighbours.ts';
import { isWanted, sorted, type Row } from '../../../src/page/pipes/model/rows.ts';
import { Camera } from '../../../src/page/pipes/graph/camera.ts';
import { condensed, niceTop, sparkArea, sparkPoints } from '../../../src/page/pipes/model/spark.ts';
import { fitted, showing, zoomed } from '../../../src/page/pipes/model/viewport.ts';

const uri = (name: string): string => `vos://x~y/me/${name}`;
function pipe(id: string, src: string, dest: string, more: Partial<PipeDocument> = {}): PipeDocument {
  return { pipe: id, condition: 'open', src: uri(src), dest: uri(dest), ...more };
}
const withGroup = (group: string): Partial<PipeDocument> => ({ groups: [{ group }] as unknown as NonNullable<PipeDocument['groups']> });

function at(nodes: Readonly<Record<string, Point>>, id: string): Point {
  return nodes[id] ?? { x: 0, y: 0 };
}

/** Whether two pieces of lines cross other than at their ends. */
function cross([a, b]: readonly [Point, Point], [p, q]: readonly [Point, Point]): boolean {
  const side = (from: Point, to: Point, of: Point): number =>
    Math.sign((to.x - from.x) * (of.y - from.y) - (to.y - from.y) * (of.x - from.x));
  return side(a, b, p) * side(a, b, q) < 0 && side(p, q, a) * side(p, q, b) < 0;
}

describe('the graph', () => {
  test('has a folder once, however many pipes end there, so that tee, merge and chain are seen', () => {
    const { nodes, edges } = graphOf([pipe('1', 'a', 'b'), pipe('2', 'a', 'c'), pipe('3', 'b', 'd'), pipe('4', 'c', 'd')]);
    expect(nodes.filter(({ kind }) => kind === 'container')).toHaveLength(4);
    expect(edges).toHaveLength(8);
  });

  test('leads from the group that claims chunks to the pipe that its readers write', () => {
    const consumes = [
      { pipe: '1', group: 'makers' },
      { pipe: 'of another', group: 'x' },
    ] as never;
    const { edges } = graphOf([pipe('1', 'a', 'b', withGroup('makers')), pipe('2', 'c', 'd', { consumes })]);
    expect(edges.find(({ kind }) => kind === 'stage')).toEqual({ from: 'g 1 makers', to: pipeNodeId('2'), kind: 'stage', pipe: '2' });
    expect(edges.filter(({ kind }) => kind === 'stage')).toHaveLength(1);
  });

  test('has folders without pipes that are asked for, and the same shape while only figures change', () => {
    const graph = graphOf([pipe('1', 'a', 'b')], [uri('z')]);
    expect(graph.nodes.map(({ id }) => id)).toContain(containerId(uri('z')));
    expect(shapeOf(graph)).toBe(shapeOf(graphOf([pipe('1', 'a', 'b', { condition: 'closed' })], [uri('z')])));
    expect(shapeOf(graph)).not.toBe(shapeOf(graphOf([pipe('1', 'a', 'b')])));
  });

  test('is laid out from left to right, and nothing lies on another', () => {
    const graph = graphOf(Array.from({ length: 12 }, (_, i) => pipe(String(i), `c${i % 4}`, `d${i % 5}`)));
    const { nodes, edges, width } = layoutOf(graph, SIZES);
    expect(Object.keys(edges)).toHaveLength(graph.edges.length);
    for (const { from, to } of graph.edges) expect(nodes[from]?.x).toBeLessThan(nodes[to]?.x ?? 0);
    expect(width).toBeGreaterThan(SIZES.pipe.width + 2 * SIZES.container.width);
    const places = graph.nodes.map(({ id, kind }) => ({ ...(nodes[id] ?? { x: 0, y: 0 }), ...SIZES[kind] }));
    for (const [i, one] of places.entries())
      for (const other of places.slice(i + 1))
        expect(
          Math.abs(one.x - other.x) >= (one.width + other.width) / 2 || Math.abs(one.y - other.y) >= (one.height + other.height) / 2,
        ).toBe(true);
  });

  test('lines that need not cross do not, and one that passes a layer keeps clear of what stands there', () => {
    const graph = graphOf([pipe('1', 'a', 'b'), pipe('2', 'b', 'c'), pipe('3', 'a', 'c'), pipe('4', 'd', 'c')]);
    const { nodes, edges } = layoutOf(graph, SIZES);
    const lines = graph.edges.map(({ from, to }) => [at(nodes, from), ...(edges[`${from}\n${to}`] ?? []), at(nodes, to)]);
    const pieces = lines.flatMap((line) => line.slice(1).map((end, i) => [line[i] ?? end, end] as const));
    expect(pieces.filter((one, i) => pieces.slice(i + 1).some((other) => cross(one, other)))).toEqual([]);
    expect(lines.some((line) => line.length > 2)).toBe(true);
    const boxes = graph.nodes.map(({ id, kind }) => ({ ...at(nodes, id), ...SIZES[kind] }));
    for (const bend of Object.values(edges).flat())
      expect(boxes.some(({ x, y, width, height }) => Math.abs(bend.x - x) <= width / 2 && Math.abs(bend.y - y) < height / 2)).toBe(false);
  });

  test('a chain stands in one line, and what leads to its end stands beside it', () => {
    const { nodes } = layoutOf(graphOf([pipe('1', 'a', 'b'), pipe('2', 'b', 'c'), pipe('3', 'c', 'd')]), SIZES);
    expect(new Set(Object.values(nodes).map(({ y }) => Math.round(y))).size).toBe(1);
    const late = layoutOf(graphOf([pipe('1', 'a', 'b'), pipe('2', 'b', 'c'), pipe('3', 'e', 'c')]), SIZES).nodes;
    expect(at(late, containerId(uri('e'))).x).toBe(at(late, containerId(uri('b'))).x);
  });

  test('a loop of pipes has a layout, too', () => {
    const { nodes } = layoutOf(graphOf([pipe('1', 'a', 'b'), pipe('2', 'b', 'a')]), SIZES);
    expect(Object.values(nodes).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  });
});

describe('arrow keys', () => {
  const graph = graphOf([pipe('1', 'a', 'b'), pipe('2', 'a', 'c')]);
  const { nodes } = layoutOf(graph, SIZES);
  const places = Object.entries(nodes).map(([id, at]) => ({ id, ...at }));
  const go = (from: string, key: Parameters<typeof neighbourOf>[1]) => neighbourOf(from, key, places, graph.edges);

  test('lead along the lines, and up and down to what stands there', () => {
    const first = go(containerId(uri('a')), 'ArrowRight') ?? '';
    expect(first.startsWith('p ')).toBe(true);
    expect(go(first, 'ArrowLeft')).toBe(containerId(uri('a')));
    const other = go(first, 'ArrowDown') ?? go(first, 'ArrowUp');
    expect(other).toBe(first === pipeNodeId('1') ? pipeNodeId('2') : pipeNodeId('1'));
    expect(go(containerId(uri('a')), 'ArrowLeft')).toBeUndefined();
  });
});

describe('lines and views', () => {
  test('a line goes through its ends, and a dot is on it', () => {
    const ends = [
      { x: 0, y: 0 },
      { x: 100, y: 50 },
    ];
    expect(curveThrough(ends)).toBe('M0,0C50,0 50,50 100,50');
    const line = pointsAlong(ends, 5);
    expect([line[0], line[2], line[4]]).toEqual([
      { x: 0, y: 0 },
      { x: 50, y: 25 },
      { x: 100, y: 50 },
    ]);
    expect(placeAt(line, 2)).toEqual({ x: 100, y: 50 });
  });

  test('a line grows with the rate, and never without end', () => {
    const some = [0, 1, 10, 100, 1000, 1e9].map(thickness);
    expect(some.toSorted((a, b) => a - b)).toEqual(some);
    expect(Math.max(...some)).toBeLessThanOrEqual(10);
  });

  test('what is under the pointer stays there when the view comes closer', () => {
    const about = { x: 120, y: 80 };
    const view = { x: 10, y: 20, scale: 1 };
    const closer = zoomed(view, 1.5, about);
    expect((about.x - closer.x) / closer.scale).toBeCloseTo((about.x - view.x) / view.scale);
    expect(zoomed(view, 1000, about).scale).toBe(2.5);
  });

  test('all of a drawing fits, and what has the focus is brought into view', () => {
    const view = fitted({ width: 2000, height: 100 }, { width: 500, height: 400 });
    expect(view.x + 2000 * view.scale).toBeLessThanOrEqual(500);
    // Where it could not be read any more, its beginning is seen.
    expect(fitted({ width: 2000, height: 100 }, { width: 500, height: 400 }, 0.75)).toEqual({ x: 24, y: 162.5, scale: 0.75 });
    const moved = showing({ x: 0, y: 0, scale: 1 }, { x: 900, y: 10, width: 100, height: 20 }, { width: 500, height: 400 });
    expect(moved).toEqual({ x: -516, y: 6, scale: 1 });
  });

  test('an open pipe stays in sight beside its panel, and all of it is there for the asking', () => {
    const camera = new Camera();
    camera.resized({ width: 1200, height: 400 });
    camera.drawn({ width: 2000, height: 100 });
    camera.keep({ x: 1500, y: 0, width: 216, height: 76 });
    for (const width of [800, 400]) {
      camera.resized({ width, height: 400 });
      const { x, scale } = camera.view.value;
      expect(scale).toBe(0.75);
      expect(x + 1500 * scale).toBeGreaterThan(0);
      expect(x + 1716 * scale).toBeLessThan(width);
    }
    camera.fit();
    expect(2000 * camera.view.value.scale).toBeLessThan(400);
  });

  test('a sparkline reaches its top, an axis ends at a round number, and a peak is not lost', () => {
    expect(sparkPoints([0, 5, 10], 20, 10)).toBe('0,10 10,5 20,0');
    expect(sparkPoints([0, 0], 20, 10)).toBe('0,10 20,10');
    // What was before is not known.
    expect(sparkPoints([5, 10], 20, 10, 5)).toBe('15,5 20,0');
    expect(sparkArea([5, 10], 20, 10, 5)).toBe('15,10 15,5 20,0 20,10');
    expect(sparkArea([], 20, 10, 5)).toBe('');
    expect([0, 0.3, 7, 12, 60].map(niceTop)).toEqual([1, 0.5, 10, 20, 100]);
    expect(condensed([0, 8, 0, 0], 2)).toEqual([4, 0]);
    expect(condensed([0, 8, 0, 0], 2, true)).toEqual([8, 0]);
  });
});

describe('the table', () => {
  const row = (id: string, rate: number, state: Row['state'] = 'idle'): Row => ({
    document: pipe(id, `from ${id}`, 'b'),
    state,
    rate,
    byteRate: 0,
  });
  const ids = (rows: readonly Row[]) => rows.map(({ document }) => document.pipe).join('');

  test('sorts by a column both ways, and leaves equals in one order', () => {
    const rows = [row('b', 1), row('c', 2), row('a', 1)];
    expect(ids(sorted(rows, 'rate', false))).toBe('abc');
    expect(ids(sorted(rows, 'rate', true))).toBe('cab');
  });

  test('finds by state and by a part of a path as it is read', () => {
    expect(isWanted(row('a', 0), { state: 'flowing' })).toBe(false);
    const encoded = { ...row('a', 0), document: pipe('a', 'a%20b', 'c') };
    expect(isWanted(encoded, { text: 'ME/A b' })).toBe(true);
    expect(isWanted(encoded, { text: 'nothing' })).toBe(false);
  });

  test('names ends by their path here, and with their VOSpace elsewhere', () => {
    expect(endText('vos://x~y/me/a%20b', 'x~y')).toBe('/me/a b');
    expect(endText('vos://x!y/me', 'x~y')).toBe('/me');
    expect(endText('vos://other~z/q', 'x~y')).toBe('other~z/q');
    expect(pipeName(pipe('1', 'a', 'b'))).toBe('a → b');
    expect(shortened('a-very-long-name.fits', 11)).toBe('a-ver….fits');
  });
});
