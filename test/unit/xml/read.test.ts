// readXml: what it answers, and each limit at its boundary.
import { describe, expect, it } from 'vitest';
import { PATIENT } from './arbitraries.ts';
import { asFault } from '../../../src/faults.ts';
import { readXml, XML_LIMITS } from '../../../src/xml/read.ts';
import type { XmlLimits } from '../../../src/xml/scan.ts';

function refusal(xml: string, limits: Partial<XmlLimits> = {}): string | undefined {
  try {
    readXml(xml, limits);
    return undefined;
  } catch (error) {
    const fault = asFault(error);
    if (fault?.fault !== 'InvalidArgument') throw error;
    return fault.detail;
  }
}

describe('readXml', PATIENT, () => {
  it('resolves prefixes of elements and attributes, and leaves unprefixed attributes without namespace', () => {
    const root = readXml('<a xmlns="u" xmlns:p="v" id="1" p:id="2"><p:b/><c xmlns=""/></a>');
    expect(root).toMatchObject({ name: 'a', namespace: 'u' });
    expect(root.attributes).toEqual([
      { name: 'id', namespace: '', value: '1' },
      { name: 'id', namespace: 'v', value: '2' },
    ]);
    expect(root.children.map((child) => [child.namespace, child.name])).toEqual([
      ['v', 'b'],
      ['', 'c'],
    ]);
  });

  it('gives each element the prefixes in scope, so that QName values resolve', () => {
    const [inner, after] = readXml('<a xmlns:p="u"><b xmlns:p="v" xmlns="w"/><c/></a>').children;
    expect([inner?.prefixes.get('p'), inner?.prefixes.get('')]).toEqual(['v', 'w']);
    expect([after?.prefixes.get('p'), after?.prefixes.get('')]).toEqual(['u', undefined]);
  });

  it('joins text, CDATA and references, and skips comments and processing instructions', () => {
    expect(readXml("<a> &#x41;<!-- ' -->b<?pi ' ?><![CDATA[&amp;<]]>&lt;&#10;<b>no</b>\r\nz</a>").text).toBe(' Ab&amp;<<\n\nz');
  });

  it('keeps text and attributes that look like numbers or booleans as they are', () => {
    for (const text of ['007', '1.0', '1e3', '0x10', '+1', 'true', ' 1 ', '12345678901234567890']) {
      const root = readXml(`<a b="${text}">${text}</a>`);
      expect([root.text, root.attributes[0]?.value]).toEqual([text, text]);
    }
  });

  it('turns literal white space in attributes into spaces and keeps referenced white space', () => {
    expect(readXml('<a b="1\t2\n3\r\n4&#9;5&#10;6&#13;"/>').attributes[0]?.value).toBe('1 2 3 4\t5\n6\r');
  });

  it('treats names of JavaScript objects as ordinary names', () => {
    const names = ['constructor', '__proto__', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', '__defineGetter__'];
    const root = readXml(`<a>${names.map((name) => `<${name} ${name}="1">t</${name}><${name}/>`).join('')}</a>`);
    expect(root.children.map((child) => child.name)).toEqual(names.flatMap((name) => [name, name]));
    expect(root.children.flatMap((child) => child.attributes.map((attribute) => attribute.name))).toEqual(names);
  });

  it('accepts a byte order mark, and a declaration of UTF-8 or US-ASCII', () => {
    for (const head of [
      '\ufeff',
      '<?xml version="1.0"?>',
      "<?xml version='1.0' encoding='utf-8' standalone='no' ?>",
      '\ufeff<?xml version="1.0" encoding="US-ASCII"?>',
    ]) {
      expect(readXml(`${head}<a/>`).name).toBe('a');
    }
  });

  it('says what is wrong and where', () => {
    expect(refusal('<a>\n<b>\n</a>')).toBe('XML line 3: </a> closes <b>');
    expect(refusal('<a>&nbsp;</a>')).toContain('&nbsp; is not a reference');
    expect(refusal('<p:a/>')).toContain('prefix p of p:a is not bound');
  });
});

/** A document that exhausts one limit exactly when n is the limit. */
const DOCUMENTS: Readonly<Record<keyof XmlLimits, (n: number) => string>> = {
  bytes: (n) => `<a>${'<b/>'.repeat(3)}${' '.repeat(n - 19)}</a>`,
  depth: (n) => '<a>'.repeat(n) + '</a>'.repeat(n),
  elements: (n) => `<a>${'<b/>'.repeat(n - 1)}</a>`,
  attributes: (n) => `<a ${Array.from({ length: n }, (_, i) => (i === 0 ? 'xmlns:p="u"' : `a${i}=""`)).join(' ')}/>`,
  text: (n) => `<a><b>${'x'.repeat(n - 3)}<![CDATA[y]]>&#233;</b></a>`,
};

describe('each limit', PATIENT, () => {
  for (const limit of ['depth', 'elements', 'attributes', 'text'] as const) {
    it(`of ${limit} lets ${XML_LIMITS[limit]} pass and refuses one more`, () => {
      const n = XML_LIMITS[limit];
      expect([n - 1, n, n + 1].map((size) => refusal(DOCUMENTS[limit](size)) !== undefined)).toEqual([false, false, true]);
      expect(refusal(DOCUMENTS[limit](n + 1))).toContain(String(n));
    });
  }

  it('of bytes counts UTF-8, and applies before anything is read', () => {
    const n = XML_LIMITS.bytes;
    const wide = `<a>${'€'.repeat(1000)}</a>`;
    const limits = { text: n };
    expect([n - 1, n, n + 1].map((size) => refusal(DOCUMENTS.bytes(size), limits) !== undefined)).toEqual([false, false, true]);
    expect([3008, 3007, 3006].map((most) => refusal(wide, { bytes: most }) !== undefined)).toEqual([false, false, true]);
    expect(refusal(`<a>\u0000${' '.repeat(n)}`)).toContain('longer than');
  });

  it('of text applies to an attribute too, after references are resolved', () => {
    const document = (n: number) => `<a b="${'x'.repeat(n - 1)}&#65;"/>`;
    const n = XML_LIMITS.text;
    expect([n - 1, n, n + 1].map((size) => refusal(document(size)) !== undefined)).toEqual([false, false, true]);
  });

  it('of depth counts empty elements', () => {
    expect(refusal(`${'<a>'.repeat(31)}<b/>${'</a>'.repeat(31)}`)).toBeUndefined();
    expect(refusal(`${'<a>'.repeat(32)}<b/>${'</a>'.repeat(32)}`)).toContain('deeper than 32');
  });
});
