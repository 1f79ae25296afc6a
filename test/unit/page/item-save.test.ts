// Saving under a condition, and groups in the lists of several nodes.
import { describe, expect, test } from 'vitest';
import { VospaceError } from '../../../src/client/error.ts';
import type { NodeDocument } from '../../../src/model/node.ts';
import { changesOf, conflictsOf, differences, EMPTY, withWish } from '../../../src/page/item/draft.ts';
import { adding, membersOf, removing, wishedFor } from '../../../src/page/item/list-change.ts';
import { GROUPS, WORDS } from '../../../src/page/item/list-form.ts';
import { mergeProperties } from '../../../src/page/item/merge.ts';
import { saveOne } from '../../../src/page/item/save-one.ts';

const READ = 'ivo://ivoa.net/vospace/core#groupread';
const [A, B, C] = ['a', 'b', 'c'].map((name) => `ivo://example.org/gms?${name}`) as [string, string, string];

function node(properties: Readonly<Record<string, string>>, tag = '1', name = 'x'): NodeDocument {
  const list = Object.entries(properties).map(([uri, value]) => ({ uri, value, readOnly: false }));
  return { uri: `vos://example.org~vospace/${name}`, type: 'DataNode', properties: list, accepts: [], provides: [], capabilities: [], tag };
}

/** One node of a service, which others change before each of the first tries. */
function spaceWith(start: NodeDocument, others: readonly Readonly<Record<string, string>>[]) {
  const waiting = [...others];
  let present = start;
  const sent: object[] = [];
  const change = (properties: Readonly<Record<string, string | null>>): void => {
    const values = new Map(present.properties.map(({ uri, value }) => [uri, value]));
    for (const [uri, value] of Object.entries(properties)) {
      if (value === null) values.delete(uri);
      else values.set(uri, value);
    }
    present = node(Object.fromEntries(values), String(Number(present.tag) + 1));
  };
  return {
    sent,
    get: () => Promise.resolve({ node: present, children: [] }),
    set: (
      _where: unknown,
      { properties }: { readonly properties: Readonly<Record<string, string | null>> },
      { condition }: { readonly condition?: string | undefined } = {},
    ) => {
      const theirs = waiting.shift();
      if (theirs) change(theirs);
      if (condition !== undefined && condition !== present.tag)
        return Promise.reject(new VospaceError('PreconditionFailed', 'changed', { status: 412 }));
      sent.push(properties);
      change(properties);
      return Promise.resolve(present);
    },
  };
}

describe('saving one node', () => {
  const draft = new Map([['urn:mine', 'mine']]);

  test('is tried again where somebody else has changed something else', async () => {
    const space = spaceWith(node({ 'urn:mine': 'old' }), [{ 'urn:other': '1' }, { 'urn:other': '2' }]);
    const { node: saved, conflicts } = await saveOne(space, node({ 'urn:mine': 'old' }), draft);
    expect(conflicts).toEqual([]);
    expect(saved.properties.map(({ uri, value }) => `${uri}=${value}`)).toEqual(['urn:mine=mine', 'urn:other=2']);
  });

  test('ends with a conflict where somebody else has changed the same', async () => {
    const space = spaceWith(node({ 'urn:mine': 'old' }), [{ 'urn:mine': 'theirs' }]);
    const saved = await saveOne(space, node({ 'urn:mine': 'old' }), draft);
    expect(saved.conflicts).toEqual([{ node: saved.node.uri, uri: 'urn:mine', seen: 'old', theirs: 'theirs' }]);
    expect(space.sent).toEqual([]);
  });

  test('is done where somebody else has set the same value', async () => {
    const space = spaceWith(node({}), [{ 'urn:mine': 'mine' }]);
    expect((await saveOne(space, node({}), draft)).conflicts).toEqual([]);
    expect(space.sent).toEqual([]);
  });

  test('gives up where others are quicker again and again', async () => {
    const space = spaceWith(
      node({}),
      Array.from({ length: 50 }, (_, index) => ({ 'urn:other': String(index) })),
    );
    await expect(saveOne(space, node({}), draft)).rejects.toMatchObject({ fault: 'PreconditionFailed' });
  });
});

describe('groups of several nodes', () => {
  const nodes = [node({ [READ]: `${A} ${B}` }, '1', 'one'), node({ [READ]: B }, '1', 'two'), node({}, '1', 'three')];
  const all = mergeProperties(nodes);
  const [held] = all;
  const none = { form: GROUPS, add: [], remove: [] };

  test('are added to the list of each, which keeps what it has', () => {
    const draft = withWish(EMPTY, held, READ, adding([A], none));
    expect(nodes.map((one) => changesOf(one, draft)[READ])).toEqual([undefined, `${B} ${A}`, A]);
    expect(differences(all, draft)).toMatchObject([{ uri: READ, mixed: true, to: { add: [A], remove: [] } }]);
  });

  test('are taken out of the list of each, the last one with the property', () => {
    const draft = withWish(EMPTY, held, READ, removing(B, none));
    expect(nodes.map((one) => changesOf(one, draft)[READ])).toEqual([A, null, undefined]);
  });

  test('are counted as they will be', () => {
    if (!held) throw new Error('nothing is held');
    const counts = (list: ReturnType<typeof membersOf>) => Object.fromEntries(list.map(({ one, count }) => [one, count]));
    expect(counts(membersOf(held, none))).toEqual({ [A]: 1, [B]: 2 });
    expect(counts(membersOf(held, adding([C], removing(A, none))))).toEqual({ [B]: 2, [C]: 3 });
  });

  test('are no change where all have them, and none where they are added and taken out again', () => {
    expect(withWish(EMPTY, held, READ, removing(C, none)).size).toBe(0);
    expect(withWish(EMPTY, held, READ, removing(C, adding([C], none))).size).toBe(0);
    expect(wishedFor(`${A},${B}`, adding([A], none))).toBe(`${A},${B}`);
  });

  test('are in conflict with nothing that others do to the list', () => {
    const draft = withWish(EMPTY, held, READ, adding([A], none));
    const theirs = node({ [READ]: C }, '2', 'two');
    expect(conflictsOf(node({ [READ]: B }, '1', 'two'), theirs, draft)).toEqual([]);
    expect(changesOf(theirs, draft)[READ]).toBe(`${C} ${A}`);
  });

  test('and so are keywords, which are separated by commas', () => {
    const change = adding(['more', 'b'], removing('a', { form: WORDS, add: [], remove: [] }));
    expect(['a, b', 'a', 'c,b', undefined].map((value) => wishedFor(value, change))).toEqual([
      'b, more',
      'more, b',
      'c, b, more',
      'more, b',
    ]);
  });
});
