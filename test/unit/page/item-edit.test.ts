// What the item panel works out before anything is sent: what many nodes have in common, differences, conflicts, names, rights.
import { describe, expect, test } from 'vitest';
import type { NodeDocument } from '../../../src/model/node.ts';
import { changesOf, conflictsOf, differences, EMPTY, withWish } from '../../../src/page/item/draft.ts';
import { adviceOnUri, troubleOfUri } from '../../../src/page/item/check-uri.ts';
import { formatGroups, groupOfText, readGroups } from '../../../src/page/item/groups.ts';
import { kindOf, KNOWN_URIS, labelOf } from '../../../src/page/item/known.ts';
import { commonValue, isMixed, mergeProperties } from '../../../src/page/item/merge.ts';
import { ELSEWHERE, lockOf, rightsOf } from '../../../src/page/item/rights.ts';
import { suggest } from '../../../src/page/item/suggest.ts';
import { forEach } from '../../../src/page/item/each.ts';

const CORE = 'ivo://ivoa.net/vospace/core#';
const TITLE = `${CORE}title`;

function node(name: string, properties: Readonly<Record<string, string>>, readOnly: readonly string[] = []): NodeDocument {
  return {
    uri: `vos://example.org~vospace/${name}`,
    type: 'DataNode',
    properties: Object.entries(properties).map(([uri, value]) => ({ uri, value, readOnly: readOnly.includes(uri) })),
    accepts: [],
    provides: [],
    capabilities: [],
  };
}

describe('many nodes', () => {
  const both = mergeProperties([
    node('a', { [TITLE]: 'Stars', 'urn:b': '1' }),
    node('b', { [TITLE]: 'Stars', 'urn:b': '2' }),
    node('c', {}),
  ]);
  const held = (uri: string) => both.find((one) => one.uri === uri);

  test('what all have is common, what differs or is missing somewhere is mixed', () => {
    const same = mergeProperties([node('a', { [TITLE]: 'Stars' }), node('b', { [TITLE]: 'Stars' })])[0];
    expect([commonValue(same), isMixed(same)]).toEqual(['Stars', false]);
    expect([commonValue(held(TITLE)), isMixed(held(TITLE))]).toEqual([undefined, true]);
    expect(held(TITLE)?.values).toEqual([
      { value: 'Stars', count: 2 },
      { value: undefined, count: 1 },
    ]);
    expect(held('urn:b')?.values.map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  test('each gets only what is another for it', () => {
    const draft = withWish(EMPTY, held(TITLE), TITLE, 'Stars');
    expect(differences(both, draft)).toEqual([{ uri: TITLE, from: undefined, mixed: true, to: 'Stars' }]);
    expect(changesOf(node('a', { [TITLE]: 'Stars' }), draft)).toEqual({});
    expect(changesOf(node('c', {}), draft)).toEqual({ [TITLE]: 'Stars' });
  });

  test('what one fails of does not keep the others from ending', async () => {
    const counts: number[] = [];
    const outcomes = await forEach(
      [1, 2, 3],
      2,
      (n) => (n === 2 ? Promise.reject(new Error('no')) : Promise.resolve(n * 10)),
      (count) => counts.push(count),
    );
    expect(outcomes.map((one) => ('result' in one ? one.result : 'refused'))).toEqual([10, 'refused', 30]);
    expect(counts).toEqual([1, 2, 3]);
  });
});

describe('a draft', () => {
  const seen = node('a', { [TITLE]: 'Stars', 'urn:b': '' });
  const all = mergeProperties([seen]);
  const title = all.find(({ uri }) => uri === TITLE);

  test('is empty again when the old value is typed again', () => {
    const draft = withWish(EMPTY, title, TITLE, 'Galaxies');
    expect(differences(all, draft)).toEqual([{ uri: TITLE, from: 'Stars', mixed: false, to: 'Galaxies' }]);
    expect(withWish(draft, title, TITLE, 'Stars').size).toBe(0);
  });

  test('deletes with null, an empty value too, and does not count a row that has no value yet', () => {
    const wishes = new Map<string, string | null>([
      ['urn:b', null],
      ['urn:added', ''],
      ['urn:gone', null],
    ]);
    expect(differences(all, wishes).map(({ uri }) => uri)).toEqual(['urn:b']);
    expect(changesOf(seen, wishes)).toEqual({ 'urn:b': null });
  });

  test('is in conflict only with what somebody else changed, and otherwise than wished', () => {
    const draft = new Map<string, string | null>([
      [TITLE, 'Mine'],
      ['urn:c', 'same'],
    ]);
    const theirs = node('a', { [TITLE]: 'Theirs', 'urn:b': 'other', 'urn:c': 'same' });
    expect(conflictsOf(seen, theirs, draft)).toEqual([{ node: seen.uri, uri: TITLE, seen: 'Stars', theirs: 'Theirs' }]);
    expect(conflictsOf(seen, node('a', { 'urn:b': '' }), draft)).toEqual([
      { node: seen.uri, uri: TITLE, seen: 'Stars', theirs: undefined },
    ]);
    expect(conflictsOf(seen, seen, draft)).toEqual([]);
  });
});

describe('names of properties', () => {
  test('the 24 registered ones are all known', () => {
    const names =
      'availableSpace btime contributor coverage creator ctime date description format groupread groupwrite identifier language length mtime publicread publisher quota relation rights source subject title type';
    for (const name of names.split(' ')) expect(KNOWN_URIS, name).toContain(CORE + name);
  });

  test.each([
    ['', 'Type a name'],
    ['two words', 'no spaces'],
    ['urn:<x>', 'angle brackets'],
    [TITLE, 'is there already'],
    [`${CORE}publicread`, 'tab Access'],
    [`${CORE}length`, 'cannot be set'],
    [`${CORE}titel`, `Do you mean ${TITLE}?`],
    [`${CORE}zzzzzzzzzz`, 'no property of this name.'],
    ['urn:', 'nothing behind the colon'],
    [`urn:${'x'.repeat(1024)}`, 'at most'],
  ])('%j is refused in words', (text, words) => {
    expect(troubleOfUri(text, new Set([TITLE]))).toContain(words);
  });

  test('any other URI and a bare word are taken, the word with advice', () => {
    expect(troubleOfUri('https://example.org/terms#band', new Set())).toBeUndefined();
    expect(troubleOfUri('quality', new Set())).toBeUndefined();
    expect(adviceOnUri('quality')).toContain('A URI');
    expect(adviceOnUri('Title')).toContain(TITLE);
    expect(adviceOnUri('urn:x')).toBeUndefined();
  });

  test('have a label, and values a kind by what they look like', () => {
    expect(labelOf(TITLE)).toBe('Title');
    expect(labelOf('https://example.org/terms#band')).toBe('Band');
    expect(labelOf('urn:')).toBe('Urn');
    expect(kindOf('urn:x', 'one\ntwo')).toBe('long');
    expect(kindOf('urn:x', '2026-11-23')).toBe('date');
    expect(kindOf('urn:x', 'V')).toBe('text');
    expect(kindOf(`${CORE}content-date`, 'last spring')).toBe('text');
    expect(kindOf(`${CORE}subject`, undefined)).toBe('list');
  });

  test('are completed by every word that is typed, beginnings first', () => {
    const all = [
      { value: 'urn:subtitle', label: 'Subtitle' },
      { value: TITLE, label: 'Title', note: 'What people call it.' },
      { value: 'urn:band', label: 'Band' },
    ];
    expect(suggest('title', all).map(({ label }) => label)).toEqual(['Title', 'Subtitle']);
    expect(suggest('people call', all).map(({ label }) => label)).toEqual(['Title']);
    expect(suggest('', all)).toHaveLength(3);
    expect(suggest('zzz', all)).toEqual([]);
  });
});

describe('rights', () => {
  const team = 'ivo://example.org/gms?team';
  const facts = { [`${CORE}creator`]: 'ada', [`${CORE}groupread`]: `${team} ivo://example.org/gms?b` };
  const ada = { user: 'ada', groups: [], admin: false };
  const bob = { user: 'bob', groups: [team], admin: false };

  test('say who one is to the node', () => {
    expect(rightsOf(node('a', facts), ada)).toMatchObject({ write: { may: true, why: 'You own it.' }, own: { may: true } });
    expect(rightsOf(node('a', facts), bob)).toMatchObject({
      read: { may: true, why: 'You are in team, which may read.' },
      write: { may: false },
      own: { may: false, why: 'Only ada may, and administrators.' },
    });
    expect(rightsOf(node('a', { ...facts, [`${CORE}publicread`]: 'true' }), undefined)).toMatchObject({
      read: { may: true, why: 'It is public.' },
      write: { may: false, why: 'You have not signed in.' },
    });
  });

  test("a token's restriction is the reason where the lists would allow it", () => {
    const refused = node('a', { ...facts, 'ivo://cadc.nrc.ca/vospace/core#writable': 'false' });
    const why = rightsOf(refused, { ...ada, scopes: ['storage.read:/ada'] }).write.why;
    expect(why).toContain('storage.read:/ada');
  });

  test('locks have their reason', () => {
    const mine = node('a', facts);
    expect(lockOf(TITLE, mine, ada, false)).toBeUndefined();
    expect(lockOf(`${CORE}length`, mine, ada, true)).toBe('The service counts the bytes.');
    expect(lockOf(`${CORE}quota`, mine, ada, true)).toBe('Administrators set it.');
    expect(lockOf(`${CORE}quota`, mine, { ...ada, admin: true }, true)).toBeUndefined();
    expect(lockOf(TITLE, mine, bob, false)).toContain('You may not change this file.');
    expect(lockOf(`${CORE}publicread`, mine, bob, false)).toContain('Only ada may');
    expect(lockOf(TITLE, node('a', { ...facts, 'ivo://cadc.nrc.ca/vospace/core#islocked': 'true' }), ada, false)).toContain('locked');
    expect(lockOf('urn:x', mine, ELSEWHERE, true)).toContain('read-only');
    expect(lockOf('urn:x', mine, ELSEWHERE, false)).toBeUndefined();
  });

  test('groups are read in either form, and typed by their bare name', () => {
    expect(readGroups(`${team}, ${team} ivo://example.org/gms?b nonsense`)).toEqual([team, 'ivo://example.org/gms?b']);
    expect(formatGroups([team, 'ivo://example.org/gms?b'])).toBe(`${team} ivo://example.org/gms?b`);
    expect(groupOfText('team', 'example.org~vospace')).toBe('ivo://example.org~vospace/gms?team');
    expect(groupOfText('two words', 'example.org~vospace')).toBeUndefined();
  });
});
