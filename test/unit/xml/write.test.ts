// The writer: what it escapes and what it refuses, read back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../src/xml/read.ts';
import { attribute, element, escapeAttribute, escapeText, textElement, XML_DECLARATION } from '../../../src/xml/write.ts';
import { PATIENT, RUNS, seed, text } from './arbitraries.ts';

const SEED = seed('XML writer test');

describe('the writer', PATIENT, () => {
  it('escapes what would be markup, and carriage returns, which a parser would turn into newlines', () => {
    expect(escapeText('<a> & "b"\r\n\t')).toBe('&lt;a&gt; &amp; "b"&#13;\n\t');
  });

  it('escapes newline and tab in attributes, which a parser would turn into spaces', () => {
    expect(escapeAttribute('a\nb\tc\r"d\'')).toBe("a&#10;b&#9;c&#13;&quot;d'");
  });

  it('refuses what XML cannot carry, naming the character', () => {
    for (const [bad, name] of [
      ['\u0000', 'U+0000'],
      ['a\u001f', 'U+001F'],
      ['\ufffe', 'U+FFFE'],
      ['\ud800x', 'U+D800'],
    ] as const) {
      expect(() => escapeText(bad)).toThrow(name);
      expect(() => escapeAttribute(bad)).toThrow(name);
    }
  });

  it('leaves out an attribute without value, and closes an element without content', () => {
    expect(element('a', attribute('b', undefined) + attribute('c', ''))).toBe('<a c=""/>');
    expect(textElement('a', '')).toBe('<a/>');
  });

  it('writes any text so that it is read back unchanged, as content and as attribute', () => {
    fc.assert(
      fc.property(text, text, (content, value) => {
        const root = readXml(XML_DECLARATION + element('a', attribute('b', value), escapeText(content)));
        expect(root.text).toBe(content);
        expect(root.attributes[0]?.value).toBe(value);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
