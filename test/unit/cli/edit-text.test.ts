// The text of properties that `vopipe edit` shows, and what is made of it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differences, formatText, parseText, withMistakes } from '../../../src/cli/edit/text.ts';

const TITLE = 'ivo://ivoa.net/vospace/core#title';
const property = (uri: string, value: string, readOnly = false) => ({ uri, value, readOnly });
const parameters = { seed: Number(process.env['SEED'] ?? 7), numRuns: 60 };

describe('the text of properties', () => {
  test('says the same when it is read again, whatever the values', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(' ', '\n', '#', '"', '=', 'a', '\t', '\u202e', '\\') }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z:/?=&.]{0,12}$/), value), (own) => {
        const properties = [...Object.entries(own).map(([uri, text]) => property(uri, text)), property(TITLE, own['a'] ?? 'x')];
        const { properties: read, mistakes } = parseText(formatText('vos:/x', { properties }));
        expect(mistakes).toEqual([]);
        expect(differences({ properties }, read)).toEqual({});
      }),
      parameters,
    );
  }, 30_000);

  test('has short names, values of several lines, and what is read-only in comments', () => {
    const properties = [property(TITLE, 'one\ntwo'), property('ivo://ivoa.net/vospace/core#length', '5', true)];
    const text = formatText('vos:/x', { properties });
    expect(text).toContain('\ntitle = one\n    two\n');
    expect(text).toContain('\n#   length = 5\n');
    expect(text).toMatch(/^# Of the standard there could also be: subject description /m);
  });

  test('gives what was changed, added and taken out, and nothing else', () => {
    const properties = [property(TITLE, 'old'), property('urn:a', '1'), property('urn:b', '2')];
    const { properties: read } = parseText('Title = new\nurn:b = 2\nquality=good =1\n');
    expect(differences({ properties }, read)).toEqual({ [TITLE]: 'new', 'urn:a': null, quality: 'good =1' });
  });

  test.each([
    ['title\n', 'not NAME = VALUE'],
    ['  more\n', 'no value above'],
    ['title = "open\n', 'JSON'],
    ['publicread = perhaps\n', 'neither true nor false'],
    ['ivo://ivoa.net/vospace/core#titel = x\n', 'not one of the VOSpace standard'],
    ['title = a\ntitle = b\n', 'twice'],
  ])('that is wrong says where and why: %j', (text, words) => {
    const { mistakes } = parseText(text);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]?.what).toContain(words);
    // As often as it is shown again, the lines are those that the reader sees.
    const once = withMistakes(text, mistakes);
    const twice = withMistakes(once, parseText(once).mistakes);
    expect(twice).toBe(once);
    expect(twice.split('\n')[Number(/line (\d+)/.exec(twice)?.[1]) - 1]).toBe(text.trimEnd().split('\n').at(-1));
  });
});
