// Documents that are broken, hostile or too large: always a fault of the client, quickly, and never a 500.
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { core, escapeXml } from './documents.ts';
import { VOS, XSI } from './tree.ts';
import { expectStatus, newUser, uriOf } from './world.ts';

const me = await newUser('bad-input');
const OPEN = `<vos:node xmlns:vos="${VOS}" xmlns:xsi="${XSI}" xsi:type="vos:DataNode" uri="URI">`;
const NODE = `${OPEN}<vos:properties><vos:property uri="urn:x">VALUE</vos:property></vos:properties></vos:node>`;
const LAUGHS = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

/** What is wrong → a document, in which URI stands for the node's. */
const DOCUMENTS: readonly (readonly [string, string])[] = [
  ['no document at all', ''],
  ['white space only', ' \n '],
  ['no XML', 'hello'],
  ['JSON', '{"uri": "URI"}'],
  ['a form', 'TARGET=x&DIRECTION=y'],
  ['an unclosed element', OPEN],
  ['elements closed in the wrong order', `${OPEN}<vos:properties></vos:node></vos:properties>`],
  ['two roots', NODE + NODE],
  ['text before the root', `x${NODE}`],
  ['text after the root', `${NODE}x`],
  ['an unbound prefix', NODE.replaceAll('vos:propert', 'other:propert')],
  ['an unbound prefix of an attribute', NODE.replace('uri="URI"', 'uri="URI" other:x="1"')],
  ['an attribute twice', NODE.replace('uri="URI"', 'uri="URI" uri="URI"')],
  [
    'an attribute twice under two prefixes',
    NODE.replace('xsi:type="vos:DataNode"', `xmlns:i="${XSI}" i:type="vos:DataNode" xsi:type="vos:DataNode"`),
  ],
  ['an attribute without quotes', NODE.replace('uri="URI"', 'uri=URI')],
  ['a bare ampersand', NODE.replace('VALUE', 'a & b')],
  ['a bare less-than sign in an attribute', NODE.replace('urn:x', 'urn:<x')],
  ['an undefined entity', NODE.replace('VALUE', '&nbsp;')],
  ['a reference to U+0000', NODE.replace('VALUE', '&#0;')],
  ['a reference to a surrogate', NODE.replace('VALUE', '&#xD800;')],
  ['a reference beyond Unicode', NODE.replace('VALUE', '&#x110000;')],
  ['a reference without digits', NODE.replace('VALUE', '&#;')],
  ['a control character', NODE.replace('VALUE', 'a\u0001b')],
  ['a NUL', NODE.replace('VALUE', 'a\u0000b')],
  ['a comment with two hyphens', NODE.replace('VALUE', '<!-- a -- b -->')],
  ['an unclosed comment', NODE.replace('VALUE', '<!-- a')],
  ['an unclosed CDATA section', NODE.replace('VALUE', '<![CDATA[a')],
  ['the end of a CDATA section in text', NODE.replace('VALUE', 'a]]>b')],
  ['an XML declaration in the middle', NODE.replace('VALUE', '<?xml version="1.0"?>')],
  ['a document type', `<!DOCTYPE node>${NODE}`],
  ['a document type in small letters', `<!doctype node>${NODE}`],
  ['an external document type', `<!DOCTYPE node SYSTEM "http://127.0.0.1:9/x.dtd">${NODE}`],
  ['an internal entity', `<!DOCTYPE node [<!ENTITY e "x">]>${NODE.replace('VALUE', '&e;')}`],
  ['an external entity', `<!DOCTYPE node [<!ENTITY e SYSTEM "file:///etc/passwd">]>${NODE.replace('VALUE', '&e;')}`],
  ['a parameter entity', `<!DOCTYPE node [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>${NODE}`],
  ['entities upon entities', `<!DOCTYPE node [<!ENTITY l0 "ha">${LAUGHS}]>${NODE.replace('VALUE', '&l9;')}`],
  ['one long entity many times', `<!DOCTYPE node [<!ENTITY e "${'x'.repeat(10_000)}">]>${NODE.replace('VALUE', '&e;'.repeat(1_000))}`],
  ['1,000 nested elements', NODE.replace('VALUE', '<a>'.repeat(1_000) + '</a>'.repeat(1_000))],
  ['50,000 nested elements', NODE.replace('VALUE', '<a>'.repeat(50_000) + '</a>'.repeat(50_000))],
  ['100,000 unclosed elements', '<a>'.repeat(100_000)],
  ['1,000 attributes', NODE.replace('uri="URI"', `uri="URI" ${Array.from({ length: 1_000 }, (_, i) => `a${i}=""`).join(' ')}`)],
  ['another root element', NODE.replaceAll('vos:node', 'vos:nodule')],
  ['a transfer in place of a node', `<vos:transfer xmlns:vos="${VOS}"><vos:target>URI</vos:target></vos:transfer>`],
  ['a node in no namespace', '<node uri="URI"><properties/></node>'],
  ['a node in another namespace', NODE.replace(VOS, 'urn:other')],
  ['a node in the namespace of no version', NODE.replace(VOS, 'http://www.ivoa.net/xml/VOSpace/v3.0')],
  ['elements inside a property', NODE.replace('VALUE', '<b>bold</b>')],
  [
    '1,001 properties',
    NODE.replace(
      /<vos:property .*<\/vos:property>/,
      Array.from({ length: 1_001 }, (_, i) => `<vos:property uri="urn:p:${i}">x</vos:property>`).join(''),
    ),
  ],
  ['a property of more than 64 KiB', NODE.replace('VALUE', 'x'.repeat(65_537))],
  ['a property URI of 10,000 characters', NODE.replace('urn:x', `urn:${'x'.repeat(10_000)}`)],
  ['the names of object members', '<constructor><__proto__/><toString/></constructor>'],
];

function expectClientFault(answer: Answer, ...names: readonly string[]): void {
  expect([400, 413], `${answer.status} ${answer.text.slice(0, 200)}`).toContain(answer.status);
  expect(answer.text).toMatch(new RegExp(`^(${names.join('|')})(\\s|$)`));
  expect(answer.header('content-type')).toMatch(/^text\/plain/);
  expect(answer.text).not.toMatch(/root:|at .*\.ts|at .*\.js/);
}

describe('a node document with', () => {
  test.each(DOCUMENTS)('%s is refused by createNode and setNode', async (_, document) => {
    const path = me.fresh();
    const body = document.replaceAll('URI', uriOf(path));
    const begun = performance.now();
    expectClientFault(
      await me.send('PUT', `/nodes${path}`, { body, headers: { 'content-type': 'text/xml' } }),
      'InvalidArgument',
      'InvalidURI',
      'TypeNotSupported',
      'RequestEntityTooLarge',
    );
    expect(performance.now() - begun, 'milliseconds').toBeLessThan(5_000);
    expectStatus(await me.get(`/nodes${path}`), 404);
    await me.made(path, { type: 'DataNode' });
    expectClientFault(await me.post(`/nodes${path}`, body), 'InvalidArgument', 'InvalidURI', 'TypeNotSupported', 'RequestEntityTooLarge');
    expect((await me.read(path)).properties.has('urn:x')).toBe(false);
  });

  test.each([
    ['an XML declaration', `<?xml version="1.0" encoding="UTF-8"?>\n${NODE}`, 'VALUE'],
    ['a byte order mark', `\uFEFF<?xml version="1.0" encoding="UTF-8"?>${NODE}`, 'VALUE'],
    ['comments and processing instructions', `<?pi x?><!-- a -->${NODE}<!-- b -->`, 'VALUE'],
    ['a CDATA section', NODE.replace('VALUE', '<![CDATA[a <b> & c]]>'), 'a <b> & c'],
    ['the five entities', NODE.replace('VALUE', '&lt;&gt;&amp;&quot;&apos;'), '<>&"\''],
    ['character references', NODE.replace('VALUE', '&#65;&#x1F52D;'), 'A🔭'],
    ['almost 64 KiB in a property', NODE.replace('VALUE', 'x'.repeat(65_000)), 'x'.repeat(65_000)],
  ])('%s is accepted', async (_, document, value) => {
    const path = me.fresh();
    expectStatus(await me.send('PUT', `/nodes${path}`, { body: document.replaceAll('URI', uriOf(path)) }), 201);
    expect((await me.read(path)).properties.get('urn:x')?.value).toBe(value);
  });

  test('more than 1 MiB is refused while it is read', async () => {
    const path = me.fresh();
    const body = NODE.replaceAll('URI', uriOf(path)).replace('VALUE', 'x'.repeat(2 * 1024 * 1024));
    expectStatus(await me.send('PUT', `/nodes${path}`, { body }), 400, 413);
    expectStatus(await me.send('PUT', `/nodes${path}`, { body, chunked: true, headers: { 'transfer-encoding': 'chunked' } }), 400, 413);
    expectStatus(await me.get(`/nodes${path}`), 404);
  });

  test('bytes that are not UTF-8 is refused', async () => {
    const path = me.fresh();
    const [before = '', after = ''] = NODE.replaceAll('URI', uriOf(path)).split('VALUE');
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe, 0x41]), Buffer.from(after)]);
    expectStatus(await me.send('PUT', `/nodes${path}`, { body }), 400);
  });

  test('markup in its names cannot break the answer', async () => {
    const uri = `urn:"><script>&amp;'`;
    const answer = await me.create(me.fresh(), { type: 'DataNode', properties: { [uri]: 'x' }, more: `<!-- ${escapeXml(uri)} -->` });
    expectStatus(answer, 201, 400);
    if (answer.status === 400) expect(answer.header('content-type')).toMatch(/^text\/plain/);
  });
});

describe('a transfer document with', () => {
  const TRANSFER = `<vos:transfer xmlns:vos="${VOS}" version="2.1"><vos:target>URI</vos:target><vos:direction>pushToVoSpace</vos:direction><vos:protocol uri="${core('httpput')}"/></vos:transfer>`;
  test.each([
    ['no document at all', ''],
    ['no XML', 'hello'],
    ['an unclosed element', TRANSFER.replace('</vos:transfer>', '')],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "x">]>${TRANSFER}`],
    ['an unbound prefix', TRANSFER.replaceAll('vos:target', 'x:target')],
    ['a node in its place', NODE],
    ['another namespace', TRANSFER.replace(VOS, 'urn:other')],
    ['no target', TRANSFER.replace('<vos:target>URI</vos:target>', '')],
    ['no direction', TRANSFER.replace('<vos:direction>pushToVoSpace</vos:direction>', '')],
    ['a protocol without uri', TRANSFER.replace(/ uri="[^"]*"/, '')],
    ['a view without uri', TRANSFER.replace('<vos:protocol', '<vos:view/><vos:protocol')],
    [
      'a length that is no number',
      TRANSFER.replace('</vos:transfer>', `<vos:param uri="${core('length')}">many</vos:param></vos:transfer>`),
    ],
    ['a negative length', TRANSFER.replace('</vos:transfer>', `<vos:param uri="${core('length')}">-1</vos:param></vos:transfer>`)],
  ])('%s is refused, or its job fails with a fault of the client', async (_, document) => {
    const path = await me.stored(me.fresh(), 'x');
    const answer = await me.post('/synctrans', document.replaceAll('URI', uriOf(path)));
    if (answer.status === 303) {
      const job = (answer.header('location') ?? '').replace('/results/transferDetails', '');
      expect((await me.get(`${job}/phase`)).text).toBe('ERROR');
      expect((await me.get(`${job}/error`)).text).toMatch(/^(Invalid|ProtocolNotSupported|ViewNotSupported|OperationNotSupported)/);
    } else {
      expectClientFault(answer, 'InvalidArgument', 'InvalidURI');
    }
  });

  test('a target that is no URI of this VOSpace fails as InvalidURI', async () => {
    for (const target of ['http://example.org/x', 'vos://example.org~elsewhere/x', 'x', uriOf('/a%zz')]) {
      const answer = await me.post('/synctrans', TRANSFER.replace('URI', target));
      const told =
        answer.status === 303 ? await me.get((answer.header('location') ?? '').replace('/results/transferDetails', '/error')) : answer;
      expect(told.text, target).toMatch(/^InvalidURI/);
    }
  });
});

describe('a request with', () => {
  test('a URL of 20,000 characters is answered', async () => {
    const answer = await me.get(`/nodes${me.home}/${'x'.repeat(20_000)}`);
    expect([400, 404, 414, 431]).toContain(answer.status);
  });
  test('a query that is no query is answered', async () => {
    for (const query of ['?%', '?=&=&', '?limit=%zz', '?detail=%00', '?uri=%ff', '?limit=0&limit=1', '?detail=min&detail=max']) {
      expect((await me.get(`/nodes${me.home}${query}`)).status, query).toBeLessThan(500);
    }
  });
  test('headers that make no sense is answered', async () => {
    for (const headers of [
      { accept: ';;;' },
      { 'content-type': '///' },
      { range: 'x' },
      { 'if-none-match': '"' },
      { digest: 'md5=' },
      { digest: 'x' },
    ]) {
      expect((await me.get(`/files${me.home}`, headers)).status, JSON.stringify(headers)).toBe(400);
      expect((await me.get(`/nodes${me.home}`, headers)).status, JSON.stringify(headers)).toBe(200);
    }
  });
  test('a Digest that cannot be read on a PUT does not store bytes unchecked', async () => {
    for (const digest of ['md5=', 'md5=!!!', 'md5=QUJD']) {
      const path = me.fresh();
      expectStatus(await me.put(path, 'x', { digest }), 400, 412);
      expectStatus(await me.get(`/nodes${path}`), 404);
    }
  });
  test('a Content-Type that could split a header is stored safely or refused', async () => {
    const path = me.fresh();
    expectStatus(await me.put(path, 'x', { 'content-type': 'text/plain; x="a\tb"' }), 201, 400);
    expectStatus(await me.set(await me.stored(me.fresh(), 'x'), { properties: { [core('type')]: 'text/html\r\nX-Evil: 1' } }), 200, 400);
  });
  test('a type that carries a line end never shows it in a header', async () => {
    const path = await me.stored(me.fresh(), 'x');
    await me.set(path, { properties: { [core('type')]: 'text/plain\r\nX-Evil: 1' } });
    const answer = await me.get(`/files${path}?via=service`);
    expect([answer.status, answer.header('x-evil')]).toEqual([200, undefined]);
  });
});
