// Flow files: what they mean, and what is said of those that mean nothing.
import { describe, expect, test } from 'vitest';
import { declareFlow } from '../../../src/cli/flow/declare.ts';
import { cycleIn, type Step } from '../../../src/cli/flow/model.ts';
import { readTree } from '../../../src/cli/flow/read.ts';
import { splitWords } from '../../../src/cli/flow/words.ts';

const HEAD = 'flow: f\nhome: vos:/ada/f\n';
const read = (body: string, head = HEAD) => declareFlow('flow.yaml', readTree('flow.yaml', head + body));

describe('a flow file', () => {
  test('says what containers, pipes, stages and groups there are, and leaves out what is usual', () => {
    const flow = read(`
containers: { raw: vos://a.example~vospace/raw, in: incoming }
pipes:
  a: { from: raw, to: in, retain: acked, maxBytes: 1GiB, groups: { look: { attempts: 0, start: now } } }
  b: { from: ./made, to: vos:/bob/results, order: ready, read: ivo://x/gms?team }
stages:
  match: { in: a, out: b, run: "python3 m.py --in={} {out}", parallel: 3, attempts: 2, lease: 2min }
  look: { in: a, run: [sh, -c, "wc -c < {}"], group: look }
`);
    expect(flow.containers.map(({ name, at }) => `${name} ${at}`)).toEqual([
      'raw vos://a.example~vospace/raw',
      'in vos:/ada/f/incoming',
      './made vos:/ada/f/made',
      'vos:/bob/results vos:/bob/results',
    ]);
    expect(flow.pipes).toMatchObject([
      {
        options: { retain: { kind: 'acked' }, maxBytes: 2 ** 30 },
        groups: [
          { name: 'look', wish: { maxDeliveries: 0, start: 'now' } },
          { name: 'match', wish: { maxDeliveries: 2, lease: 120 } },
        ],
      },
      { options: { order: 'ready' }, groups: [], access: { read: ['ivo://x/gms?team'] } },
    ]);
    expect(flow.stages).toMatchObject([
      { group: 'match', run: ['python3', 'm.py', '--in={}', '{out}'], stdout: false, parallel: 3, close: true, template: '{name}' },
      { group: 'look', run: ['sh', '-c', 'wc -c < {}'], stdout: false, parallel: 1 },
    ]);
    expect(flow.stages[1]?.output).toBeUndefined();
  });

  test('may name things once and mean them often', () => {
    const flow = read(
      'pipes:\n  a: { <<: 1, from: x, to: y }\n'.replace('<<: 1, ', '') +
        'stages:\n  s: { in: &p a, run: cat }\n  t: { in: *p, run: cat }\n',
    );
    expect(flow.stages.map(({ input }) => input)).toEqual(['a', 'a']);
  });

  test.each([
    ['pipes: { a: { from: x } }', '3:13: pipes.a: to is missing'],
    ['pipes: { a: { from: x, to: x } }', '3:28: pipes.a.to: is where the pipe comes from'],
    ['pipes: { a: { from: x, to: y, ordr: ready } }', '3:31: pipes.a: there is no key "ordr"; did you mean order?'],
    ['pipes: { a: { from: x, to: y, order: redy } }', '3:38: pipes.a.order: "redy" is none of write, ready; did you mean ready?'],
    ['pipes: { a: { from: x, to: y, maxChunks: many } }', '3:42: pipes.a.maxChunks: is "many", not a whole number'],
    ['pipes: { a: { from: x, to: y, follow: no } }', '3:39: pipes.a.follow: is "no", not true or false'],
    ['pipes: { a: { from: x, to: y, retain: ever } }', '3:39: pipes.a.retain: "ever" is not a time'],
    ['pipes: { "a b": { from: x, to: y } }', '3:10: pipes: "a b" is no name'],
    ['pipes: { a: { from: ../x, to: y } }', '3:21: pipes.a.from: "..": dot segments are not names'],
    ['pipes: { a: { from: "http://x/y", to: y } }', '3:21: pipes.a.from: "http://x/y" is no container'],
    ['pipes: { a: { from: x/, to: x } }', '3:29: pipes.a.to: is where the pipe comes from'],
    ['pipes: { a: { from: x, to: y, groups: ["a b"] } }', '3:39: pipes.a.groups: "a b": a group'],
    ['pipes: *nothing', '3:8: there is no &nothing before'],
    ['pipes: { a: { from: x, to: y } }\nstages: { s: { in: a, run: "x {out}" } }', '4:28: stages.s.run: has {out}, which means nothing'],
    ['pipes: { a: { from: x, to: y } }\nstages: { s: { in: a, run: x, timeout: soon } }', '4:40: stages.s.timeout: "soon" is not a time'],
    ['pipes: {}', '3:8: pipes: a flow has a pipe at least'],
    ['containers: { raw: r }\npipes: { a: { from: rw, to: raw } }', '4:21: pipes.a.from: there is no container "rw"; did you mean raw?'],
    ['pipes: { a: { from: x, to: y } }\nstages: { s: { in: a, run: "sh -c \'x" } }', '4:28: stages.s.run: has a quote that is not closed'],
    [
      'pipes: { a: { from: x, to: y } }\nstages: { s: { in: a, run: cat, close: true } }',
      '4:40: stages.s.close: means nothing without out',
    ],
    [
      'pipes: { a: { from: x, to: y }, b: { from: z, to: w } }\nstages: { s: { in: a, out: b, run: cat, name: "{nmae}" } }',
      '4:47: stages.s.name: {nmae}',
    ],
    [
      'pipes: { a: { from: x, to: y }, b: { from: y, to: w } }\nstages: { s: { in: a, out: b, run: cat } }',
      '4:28: stages.s.out: the pipe b begins where a ends',
    ],
    [
      'pipes: { a: { from: x, to: y }, b: { from: y, to: z }, c: { from: z, to: x } }',
      '3:28: pipes.a.to: leads back to where it began: x –a→ y –b→ z –c→ x',
    ],
    [
      'pipes: { a: { from: x, to: y }, b: { from: z, to: x } }\nstages: { s: { in: a, out: b, run: cat } }',
      'leads back to where it began: x –a→ y –[s]→ z –b→ x',
    ],
    ['pipes:\n  a: { from: x, to: y }\n  a: { from: x, to: y }', '5:3: Map keys must be unique'],
    ['pipes:\n\ta: 1', '4:1: '],
    ['pipe: {}', '3:1: there is no key "pipe"; did you mean pipes?'],
  ])('%j is refused: %s', (body, words) => expect(() => read(body)).toThrow(words));

  test.each([
    ['home: vos:/a/b\npipes: {}', '1:1: flow is missing'],
    ['flow: f\nhome: here\npipes: {}', '2:7: home: "here" is no container, such as vos:/ada/survey'],
    ['flow: f\nhome: vos:/\npipes: {}', '2:7: home'],
    ['- a', '1:1: is a list, not a map'],
    ['', '1:1: flow is missing'],
  ])('without a beginning is refused: %j', (text, words) => expect(() => read(text, '')).toThrow(`flow.yaml:${words}`));

  test('is not taken for a bomb', () => {
    const bomb = `${HEAD}a: &a [x,x]\n${'bcdefghijklmnopqrstuvwxyz'
      .split('')
      .map((name, i) => `${name}: &${name} [*${'abcdefghijklmnopqrstuvwxyz'[i]},*${'abcdefghijklmnopqrstuvwxyz'[i]}]`)
      .join('\n')}`;
    expect(() => read(bomb, '')).toThrow(/flow\.yaml:\d+:\d+: /);
  });
});

test.each([
  ["sh -c 'sort {} | uniq > {out}'", ['sh', '-c', 'sort {} | uniq > {out}']],
  ['a "b \\" c"d \'e\'', ['a', 'b " cd', 'e']],
  ["a\\ b ''", ['a b', '']],
  ['  ', []],
  ['a "b', undefined],
])('the words of %j are %j', (text, words) => expect(splitWords(text)).toEqual(words));

test('steps that lead nowhere back are no cycle, however they cross', () => {
  const step = (from: string, to: string): Step => ({ kind: 'pipe', name: `${from}${to}`, from, to });
  expect(cycleIn([step('a', 'b'), step('a', 'c'), step('b', 'd'), step('c', 'd')])).toBeUndefined();
  expect(cycleIn([step('a', 'b'), step('c', 'd'), step('d', 'e'), step('e', 'c')])?.map(({ name }) => name)).toEqual(['cd', 'de', 'ec']);
});
