// A corpus of hostile and malformed documents: every one is the client's fault, none an error of the service.
import { describe, expect, it } from 'vitest';
import { PATIENT } from './arbitraries.ts';
import { asFault } from '../../../src/faults.ts';
import { readXml } from '../../../src/xml/read.ts';

const LOL = '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">';

const CORPUS: Readonly<Record<string, string>> = {
  nothing: '',
  'white space': ' \n\t ',
  'plain text': 'hello',
  JSON: '{"uri": "vos://a/b"}',
  'a comment alone': '<!-- a -->',
  'a declaration alone': '<?xml version="1.0"?>',
  'two roots': '<a/><b/>',
  'two roots with text': '<a></a><a></a>',
  'text after the root': '<a/>x',
  'text before the root': 'x<a/>',
  'CDATA after the root': '<a/><![CDATA[x]]>',
  'a reference after the root': '<a/>&#32;',
  'crossed tags': '<a><b></a></b>',
  'an open root': '<a>',
  'an open tag': '<a',
  'an open child': '<a><b></a>',
  'an end tag alone': '</a>',
  'an end tag too many': '<a></a></a>',
  'an end tag with attributes': '<a></a b="1">',
  'white space before the name': '< a/>',
  'a slash in the middle': '<a/ b="1">',
  'an empty tag name': '<>',
  'a name that begins with a digit': '<1a/>',
  'an external entity': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  'an external DTD': '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
  'a parameter entity': '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]><a/>',
  'a billion laughs': `<!DOCTYPE a [${LOL}]><a>&c;</a>`,
  'a quadratic blow-up': `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(9999)}">]><a>${'&x;'.repeat(1000)}</a>`,
  'a doctype in lower case': '<!doctype html><a/>',
  'a doctype inside the root': '<a><!DOCTYPE a></a>',
  'an entity declaration inside the root': '<a><!ENTITY x "y">&x;</a>',
  'an HTML entity': '<a>&eacute;</a>',
  'an undefined entity': '<a b="&x;"/>',
  'a bare ampersand': '<a>a & b</a>',
  'an ampersand at the end': '<a>&</a>',
  'a reference without semicolon': '<a>&#65</a>',
  'an entity split by a comment': '<a>&am<!-- -->p;</a>',
  'a reference to NUL': '<a>&#0;</a>',
  'a reference to a surrogate': '<a>&#xD800;</a>',
  'a reference to U+FFFE': '<a b="&#xFFFE;"/>',
  'a reference beyond Unicode': '<a>&#x110000;</a>',
  'a reference with a thousand digits': `<a>&#${'9'.repeat(1000)};</a>`,
  'a reference with a capital X': '<a>&#X41;</a>',
  NUL: '<a>\u0000</a>',
  'a control character': '<a b="\u0008"/>',
  'U+FFFF': '<a>\uffff</a>',
  'a lone surrogate': '<a>\udc00</a>',
  'an unbound prefix': '<vos:node/>',
  'an unbound attribute prefix': '<node xsi:type="x"/>',
  'a prefix of a sibling': '<a><b xmlns:p="u"/><p:c/></a>',
  'a prefix bound to nothing': '<a xmlns:p=""/>',
  'the xml prefix bound anew': '<a xmlns:xml="u"/>',
  'the xml namespace bound anew': '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>',
  'the xmlns prefix': '<a xmlns:xmlns="u"/>',
  'the xmlns namespace': '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>',
  'a name with two colons': '<a:b:c xmlns:a="u"/>',
  'a name that begins with a colon': '<:a/>',
  'a prefix declared twice': '<a xmlns:p="u" xmlns:p="v"/>',
  'an attribute twice': '<a b="1" b="2"/>',
  'an expanded attribute name twice': '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>',
  'an attribute without quotes': '<a b=1/>',
  'an attribute without value': '<a b/>',
  'attributes without space between': '<a b="1"c="2"/>',
  'an attribute with <': '<a b="<"/>',
  'an open attribute': '<a b="1></a>',
  '-- in a comment': '<a><!-- -- --></a>',
  'an open comment': '<a><!-- </a>',
  '<!--> as a comment': '<a><!--></a>',
  'open CDATA': '<a><![CDATA[ ]] ></a>',
  'CDATA in lower case': '<a><![cdata[x]]></a>',
  ']]> in text': '<a>]]></a>',
  'an open instruction': '<a><?pi </a>',
  'an instruction without name': '<a><? pi?></a>',
  'a declaration after white space': ' <?xml version="1.0"?><a/>',
  'a declaration inside': '<a><?xml version="1.0"?></a>',
  'XML 1.1': '<?xml version="1.1"?><a>&#1;</a>',
  'a declaration without version': '<?xml encoding="UTF-8"?><a/>',
  'UTF-16 by declaration': '<?xml version="1.0" encoding="UTF-16"?><a/>',
  'UTF-7 by declaration': '<?xml version="1.0" encoding="UTF-7"?><a>+ADw-script+AD4-</a>',
  'a hundred thousand levels': '<a>'.repeat(100_000),
  'a hundred thousand balanced levels': '<a>'.repeat(100_000) + '</a>'.repeat(100_000),
  'a hundred thousand attributes': `<a${Array.from({ length: 80_000 }, (_, i) => ` a${i}=""`).join('')}/>`,
  'a hundred thousand elements': `<a>${'<b/>'.repeat(100_000)}</a>`,
  'a megabyte of open tags': '<a '.repeat(340_000),
  'a megabyte of <': '<'.repeat(1_000_000),
  'a megabyte of & in text': `<a>${'&'.repeat(1_000_000)}</a>`,
  'a megabyte of spaces in a tag': `<a${' '.repeat(1_000_000)}b></a>`,
  'a megabyte of open quotes': `<a ${'b="'.repeat(300_000)}`,
  'a megabyte of open comments': `<a>${'<!--'.repeat(250_000)}`,
  'a megabyte of open instructions': `<a>${'<?p '.repeat(250_000)}`,
  'a megabyte of open CDATA': `<a>${'<![CDATA['.repeat(110_000)}`,
  'a long name': `<${'a'.repeat(1_000_000)}>`,
  'two megabytes': `<a>${'x'.repeat(2_000_000)}</a>`,
  'much text': `<a>${'&amp;'.repeat(70_000)}</a>`,
};

describe('readXml refuses as InvalidArgument', PATIENT, () => {
  for (const [name, xml] of Object.entries(CORPUS)) {
    it(name, () => {
      let thrown: unknown;
      try {
        readXml(xml);
      } catch (error) {
        thrown = error;
      }
      const fault = asFault(thrown);
      expect(fault?.fault).toBe('InvalidArgument');
      expect(fault?.detail).toMatch(/^XML/);
      expect(fault?.detail.length).toBeLessThan(400);
    });
  }
});
