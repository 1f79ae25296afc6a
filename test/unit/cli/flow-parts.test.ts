// The parts of flows that ask nobody: differences, records, rates, drawings and the view on a terminal.
import { describe, expect, test } from 'vitest';
import type { PipeDocument } from '../../../src/client/pipes.ts';
import { declareFlow } from '../../../src/cli/flow/declare.ts';
import { lineOfChange } from '../../../src/cli/flow/change-line.ts';
import { differenceOf, type Declared, type Found } from '../../../src/cli/flow/difference.ts';
import { drawingOf, toDot, toMermaid } from '../../../src/cli/flow/drawing.ts';
import { fit, LiveView } from '../../../src/cli/flow/live.ts';
import { cutTo } from '../../../src/cli/nodes/columns.ts';
import { readTree } from '../../../src/cli/flow/read.ts';
import { formatRecord, recordsIn, recordUri, type PipeRecord } from '../../../src/cli/flow/record.ts';
import { isOver, Meter, rowsOf } from '../../../src/cli/flow/standing.ts';
import { toSvg } from '../../../src/cli/flow/svg.ts';
import { readXml } from '../../../src/xml/read.ts';

const record: PipeRecord = { id: 'p1', at: 'x~vospace', src: 'vos://x~vospace/a', dest: 'vos://x~vospace/b', key: 'k' };
const declared: Declared = { name: 'p', from: 'a', to: 'b', src: record.src, dest: record.dest, options: {}, groups: [], access: {} };
const standing = (more: object = {}): PipeDocument =>
  ({ pipe: 'p1', condition: 'open', src: record.src, dest: record.dest, groups: [], ...more }) as unknown as PipeDocument;
const found = (pipes: Found['pipes'] = new Map(), others: Found['others'] = new Map()): Found => ({ pipes, others });
const here = (pipe: PipeDocument | undefined, more: Partial<PipeRecord> = {}): Found =>
  found(new Map([['p', { record: { ...record, ...more }, pipe }]]));
const kinds = (...args: Parameters<typeof differenceOf>) => differenceOf(...args).changes.map(({ kind }) => kind);

describe('the difference', () => {
  test('is nothing where everything is as it is declared', () => {
    expect(differenceOf([{ ...declared, options: { maxChunks: 5 } }], here(standing({ options: { maxChunks: 5 } })))).toEqual({
      changes: [],
      troubles: [],
      closed: [],
    });
  });

  test('makes what is not there, and what has gone, with its groups', () => {
    const pipe = { ...declared, groups: [{ name: 'g', wish: { lease: 9 } }] };
    expect(kinds([pipe], found())).toEqual(['create', 'group']);
    expect(kinds([pipe], here(undefined))).toEqual(['create', 'group']);
  });

  test('goes on with what was begun, under its key', () => {
    const begun = found(
      new Map([['p', { record: { ...record, id: undefined } as unknown as PipeRecord, pipe: undefined }]]),
      new Map([['p', standing()]]),
    );
    expect(differenceOf([declared], begun).changes).toMatchObject([{ kind: 'create', key: 'k' }]);
  });

  test('uses an open pipe of the same ends, and never destroys it', () => {
    expect(kinds([declared], found(new Map(), new Map([['p', standing()]])))).toEqual(['use']);
    expect(kinds([], here(standing(), { used: true }))).toEqual(['forget']);
    expect(kinds([{ ...declared, src: 'vos://x~vospace/c' }], here(standing(), { used: true }))).toEqual(['forget', 'create']);
  });

  test('replaces what has other ends, and what is closed only if that is wanted', () => {
    expect(kinds([{ ...declared, dest: 'vos://x~vospace/c' }], here(standing()))).toEqual(['destroy', 'create']);
    const closed = here(standing({ condition: 'closed' }));
    expect(differenceOf([declared], closed)).toEqual({ changes: [], troubles: [], closed: ['p'] });
    expect(kinds([declared], closed, { again: true })).toEqual(['destroy', 'create']);
  });

  test('changes what may be changed, and says what may not', () => {
    const wanted = { ...declared, options: { order: 'ready', maxChunks: 7, retain: { kind: 'age', seconds: 5 } } } as const;
    const { changes, troubles } = differenceOf(
      [wanted],
      here(standing({ options: { order: 'write', maxChunks: 5, retain: { kind: 'age', seconds: 5 } } })),
    );
    expect(changes.map(lineOfChange)).toEqual(['~ pipe p (maxChunks 7)']);
    expect(troubles).toEqual([expect.stringContaining('pipes.p.order is "write" for the life of the pipe')]);
  });

  test('takes away groups that it has made, and no others', () => {
    const groups = [{ group: 'mine' }, { group: 'others' }];
    const { changes } = differenceOf([declared], here(standing({ groups }), { groups: ['mine'] }));
    expect(changes.map(lineOfChange)).toEqual(['- group mine of p (it is not declared any more)']);
  });

  test('destroys what is not declared any more, first', () => {
    const all = new Map([['old', { record, pipe: standing() }]]);
    expect(differenceOf([{ ...declared, name: 'fresh' }], found(all)).changes.map(lineOfChange)).toEqual([
      '- pipe old: vos://x~vospace/a → vos://x~vospace/b (it is not declared any more)',
      '+ pipe fresh: vos://x~vospace/a → vos://x~vospace/b',
    ]);
  });
});

test('records are found among other properties, and nonsense is passed over', () => {
  const properties = [
    { uri: recordUri('f', 'p'), value: formatRecord(record) },
    { uri: recordUri('f', 'q'), value: '{"at": 3}' },
    { uri: recordUri('f', 'r'), value: 'no JSON' },
    { uri: recordUri('other', 'p'), value: formatRecord(record) },
    { uri: 'ivo://ivoa.net/vospace/core#title', value: 'x' },
  ];
  expect([...recordsIn('f', properties)]).toEqual([['p', record]]);
});

test('rates are of the last ten seconds, and never less than nothing', () => {
  const meter = new Meter();
  const at = (visible: number, acked: number) => [{ name: 'p', pipe: standing({ counts: { visible }, groups: [{ group: 'g', acked }] }) }];
  expect([...meter.rates(at(10, 1), 0).values()]).toEqual([0, 0]);
  expect([...meter.rates(at(30, 6), 10_000)]).toEqual([
    ['p', 2],
    ['p/g', 0.5],
  ]);
  expect(meter.rates(at(0, 0), 15_000).get('p')).toBe(0);
});

test('a flow is over when all is closed, arrived and worked on', () => {
  const lag = { chunks: 0, bytes: 0, seconds: 0 };
  const done = standing({ condition: 'closed', lag, groups: [{ group: 'g', lag }] });
  expect(isOver([{ name: 'p', pipe: done }])).toBe(true);
  expect(isOver([{ name: 'p', pipe: { ...done, condition: 'open' } }])).toBe(false);
  expect(isOver([{ name: 'p', pipe: standing({ condition: 'closed', lag, groups: [{ group: 'g', lag: { ...lag, chunks: 1 } }] }) }])).toBe(
    false,
  );
  expect(rowsOf([{ name: 'p', pipe: undefined }])[0]?.[1]).toBe('not there');
});

describe('a drawing', () => {
  const flow = declareFlow(
    'f',
    readTree(
      'f',
      `flow: f<&>
home: vos:/a/b
pipes:
${Array.from({ length: 12 }, (_, i) => `  p${i}: { from: c${i % 5}, to: d${i} }`).join('\n')}
  end: { from: e, to: z }
stages:
  s: { in: p0, out: end, run: cat }
  t: { in: p1, out: end, run: cat, group: team }
`.replace('f<&>', 'f'),
    ),
  );

  test('is well-formed in every form, whatever names and counts there are', () => {
    const drawing = {
      ...drawingOf(flow, new Map([['p0', standing({ counts: { visible: 3, written: 4, missing: 1 } })]])),
      title: 'a <b> & "c"',
    };
    const svg = toSvg(drawing);
    expect(readXml(svg).name).toBe('svg');
    expect(svg).toContain('p0 3/4, 1 dead');
    expect(toDot(drawing)).toContain('digraph "a <b> & \\"c\\"" {');
    expect(toMermaid(drawing).split('\n')[0]).toBe('flowchart LR');
  });

  test('of what leads back to itself ends, too', () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, kind: 'container', lines: [id] }) as const);
    const edges = ['ab', 'bc', 'ca', 'aa'].map(([from = '', to = '']) => ({ from, to, kind: 'pipe', label: '' }) as const);
    const svg = toSvg({ title: 'loop', nodes, edges });
    expect([svg.match(/<rect/g)?.length, svg.match(/<path class/g)?.length, svg.includes('NaN')]).toEqual([3, 4, false]);
  });
});

describe('the view on a terminal', () => {
  test('writes only what has changed, and no more than fits', () => {
    let drawn = '';
    const view = new LiveView({ draw: (text) => (drawn += text), columns: 10 }, () => 3);
    view.show(['one', 'two', '0123456789abc']);
    expect(drawn).toContain('\u001B[3;1H012345678…\u001B[K');
    drawn = '';
    view.show(['one', 'TWO', '0123456789abc']);
    expect(drawn).toBe('\u001B[2;1HTWO\u001B[K');
    drawn = '';
    view.show(['a', 'b', 'c', 'd']);
    expect(drawn).toContain('… 2 more');
    view.close();
    expect(drawn.endsWith('\u001B[?1049l')).toBe(true);
  });

  test('leaves out what there is no room for', () => {
    expect(
      fit(
        [
          ['pipe', 'open', '', '12 MiB'],
          ['p', 'x', '', ''],
        ],
        40,
      ),
    ).toEqual(['pipe  open  12 MiB', 'p     x']);
    expect(fit([['pipe', 'open', '', '12 MiB']], 12)).toEqual(['pipe  open']);
    expect(
      fit(
        [
          ['pipe', '12/12', '3 dead', '12 MiB'],
          ['other', '7/7', '', ''],
        ],
        18,
      ),
    ).toEqual(['pipe   12/12', '    3 dead', 'other  7/7']);
    expect([cutTo('abcdef', 4), cutTo('日本語', 5), cutTo('ab', 2)]).toEqual(['abc…', '日本…', 'ab']);
  });
});
