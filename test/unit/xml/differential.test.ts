// readXml against saxes: whatever saxes refuses is refused, and where both accept, the trees are equal.
import fc from 'fast-check';
import { describe as group, expect, it } from 'vitest';
import { asFault } from '../../../src/faults.ts';
import { readXml, type XmlElement } from '../../../src/xml/read.ts';
import { PATIENT, RUNS, seed } from './arbitraries.ts';
import { describe, readWithSaxes, type Tree } from './saxes-oracle.ts';

const SEED = seed('differential XML test');

// readXml is stricter than XML 1.0 on purpose in these points alone; and saxes takes <?a?b?> for a processing instruction and half a
// surrogate pair for a character.
const BY_DESIGN =
  /DOCTYPE|version 1\.0|encoding must be|elements are nested deeper|XML declaration is allowed at the very beginning|begins or ends with white space|contains U\+D[89A-F]|malformed processing instruction/;
// saxes also takes a:0b for a name, which Namespaces in XML does not.
const ODD_NAME = /[\u1680\ufeff]|:[\d.-]/;

function toTree(element: XmlElement): Tree {
  return {
    name: element.name,
    namespace: element.namespace,
    attributes: element.attributes.map((a) => describe(a.namespace, a.name, a.value)).sort(),
    text: element.text,
    children: element.children.map(toTree),
  };
}

type Verdict = 'accepted' | 'refused';

function compare(xml: string): Verdict {
  const oracle = readWithSaxes(xml);
  let root: XmlElement;
  try {
    root = readXml(xml);
  } catch (error) {
    const fault = asFault(error);
    if (fault?.fault !== 'InvalidArgument') throw error;
    if ('root' in oracle && !BY_DESIGN.test(fault.detail) && !ODD_NAME.test(xml))
      throw new Error(`refused (${fault.detail}), but saxes accepts`, { cause: error });
    return 'refused';
  }
  if ('refused' in oracle) throw new Error(`accepted, but saxes says: ${oracle.refused}`);
  expect(toTree(root)).toEqual(oracle.root);
  return 'accepted';
}

const NAMES = [
  'a',
  'b',
  'p:a',
  'q:b',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'é',
  '_',
  'p:__proto__',
  'xml:a',
  '𐐀',
  'a.-1',
];
const NAMESPACES = ['u', 'v', 'http://www.ivoa.net/xml/VOSpace/v2.0', ' u', 'a&amp;b', 'é'];
const space = fc.constantFrom('', '', ' ', '\n', '\r\n', '\t');
const gap = fc.constantFrom(' ', '  ', '\n', '\t', '\r\n ');
const content = fc.constantFrom(
  'x',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  'é',
  '😀',
  '\u0085',
  '\u2028',
  '\ufffd',
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#65;',
  '&#x1F600;',
  '&#xD;',
  '&#10;',
  ']',
  '>',
  "'",
  '"',
  '\ufeff',
  '\u1680',
  '<![CDATA[]]>',
  '<![CDATA[<a>&amp;\r\n]]]>',
  '<!---->',
  '<!-- <a> & \r -->',
  '<?pi?>',
  '<?pi it\'s " <a> ?>',
  '<?xml-stylesheet href="x"?>',
);
const value = fc
  .array(fc.constantFrom('x', ' ', '\n', '\t', '\r\n', 'é', '&amp;', '&#10;', '&#x9;', '&lt;', '>', '/', '&#13;', '😀', '='), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));
const attribute = fc
  .tuple(gap, fc.constantFrom(...NAMES, 'xml:space', 'id'), space, fc.constantFrom('"', "'"), value)
  .map(([before, name, around, quote, text]) => `${before}${name}${around}=${around}${quote}${text}${quote}`);
const declaration = fc
  .tuple(gap, fc.constantFrom('xmlns', 'xmlns:p', 'xmlns:q', 'xmlns:r'), fc.constantFrom(...NAMESPACES))
  .map(([before, name, uri]) => `${before}${name}="${uri}"`);

const { tree } = fc.letrec<{ tree: string; items: string }>((tie) => ({
  tree: fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.uniqueArray(declaration, { maxLength: 3, selector: nameOf }),
      fc.uniqueArray(attribute, { maxLength: 3, selector: nameOf }),
      space,
      tie('items'),
    )
    .map(([name, declarations, attributes, tail, items]) => {
      const start = `<${name}${declarations.join('')}${attributes.join('')}${tail}`;
      return items === '' ? `${start}/>` : `${start}>${items}</${name}${tail}>`;
    }),
  items: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant(''),
    fc.array(fc.oneof(content, content, tie('tree')), { maxLength: 5 }).map((parts) => parts.join('')),
  ),
}));
const ROOT = '<r xmlns:p="u" xmlns:q="v">';
const wrapped = fc
  .tuple(
    fc.constantFrom(
      '',
      '',
      '\ufeff',
      '<?xml version="1.0"?>',
      "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n",
      '<!-- c -->',
      '<?pi?>\n',
    ),
    tree,
    fc.constantFrom('', '\n', '<!-- end -->', '<?pi end?>'),
  )
  .map(([head, body, tail]) => `${head}${ROOT}${body}</r>${tail}`);

function nameOf(text: string): string {
  return text.trim().split(/[\s=]/)[0] ?? '';
}

const SNIPPETS = [
  '<',
  '>',
  '/',
  '&',
  '"',
  "'",
  '=',
  '!',
  '?',
  '-',
  ']',
  '[',
  ';',
  '#',
  ':',
  ' ',
  '\n',
  '\r',
  '	',
  'x',
  '0',
  '\0',
  '',
  '',
  '￾',
  '\ud800',
  ' ',
  '﻿',
  '<a>',
  '</a>',
  '<a/>',
  '</r>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a>',
  '<!ENTITY x "y">',
  '&amp;',
  '&x;',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '&#x;',
  '&#;',
  ' xmlns:p="w"',
  ' xmlns:p=""',
  ' xmlns=""',
  ' xmlns="u"',
  ' xmlns:xml="u"',
  ' xmlns:xmlns="u"',
  ' xmlns:z="http://www.w3.org/XML/1998/namespace"',
  ' p:x="1" q:x="2"',
  ' a="1" a="2"',
  ' a',
  ' a=',
  ' a=1',
  '<p:',
  '<:a/>',
  '<a:/>',
  '<a:b:c/>',
  '<z:a/>',
];
type Mutation = readonly [at: number, remove: number, insert: string];
const mutations = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(4), fc.oneof(fc.constant(''), fc.constantFrom(...SNIPPETS))), {
  minLength: 1,
  maxLength: 3,
});

function mutate(xml: string, changes: readonly Mutation[]): string {
  return changes.reduce((text, [at, remove, insert]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + insert + text.slice(from + remove);
  }, xml);
}

function run(documents: fc.Arbitrary<string>): Record<Verdict, number> {
  const count = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(documents, (xml) => {
      count[compare(xml)] += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  return count;
}

group('readXml and saxes', PATIENT, () => {
  it('read valid documents to the same tree', () => {
    expect(run(wrapped).accepted).toBeGreaterThan(RUNS / 2);
  });

  it('agree on valid documents with a few changes', () => {
    const count = run(fc.tuple(wrapped, mutations).map(([xml, changes]) => mutate(xml, changes)));
    expect(count.refused).toBeGreaterThan(RUNS / 4);
    expect(count.accepted).toBeGreaterThan(RUNS / 50);
  });

  it('agree on a soup of snippets', () => {
    const soup = fc
      .array(fc.oneof(fc.constantFrom(...SNIPPETS), content, attribute, declaration), { maxLength: 8 })
      .map((parts) => parts.join(''));
    run(fc.tuple(soup, fc.boolean()).map(([xml, rooted]) => (rooted ? `${ROOT}${xml}</r>` : xml)));
  });
});
