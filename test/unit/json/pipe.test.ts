// What users send to pipes: the same documents in JSON and XML, and refusals that name the place.
import { describe, expect, test } from 'vitest';
import { asFault } from '../../../src/faults.ts';
import { readPipeRequest, readPipeSettings } from '../../../src/model/json/pipe.ts';
import { readClosing, readWriteRequest } from '../../../src/model/json/pipe-write.ts';
import { readClaimRequest, readFences, readGroupRequest } from '../../../src/model/json/pipe-group.ts';
import { formatPipeXml, parsePipeXml, readFromXml } from '../../../src/xml/pipe.ts';
import type { PipeDocumentName } from '../../../src/xml/pipe-shapes.ts';

const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  createPipe: readPipeRequest,
  settings: readPipeSettings,
  writeChunk: readWriteRequest,
  close: readClosing,
  putGroup: readGroupRequest,
  claim: readClaimRequest,
  ack: readFences('ack'),
  nack: readFences('nack'),
  extend: readFences('extend'),
};
const read = (name: string, value: unknown): unknown => READERS[name]?.(value);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return asFault(error)?.detail ?? String(error);
  }
  return 'not refused';
}

const GOOD: readonly (readonly [PipeDocumentName, object])[] = [
  ['createPipe', { src: 'vos://a.example~vospace/s', dest: 'vos://b.example~vospace/d' }],
  [
    'createPipe',
    {
      src: 'vos://a.example~vospace/s',
      dest: 'vos://b.example~vospace/d%20%26',
      destEndpoint: 'https://b.example/vos',
      options: { order: 'ready', maxChunks: 5, retain: { kind: 'age', seconds: 60 }, reclaim: true, parallel: 2 },
      access: { write: ['ivo://a.example/gms?team'], read: [], manage: ['ivo://a.example/gms?a&b'] },
      credentials: [
        { authority: 'b.example~vospace', token: 'x<y' },
        { authority: 'c.example~vospace', user: 'ada', password: 'p w' },
      ],
    },
  ],
  ['settings', { options: { retain: { kind: 'bytes', bytes: 7 } } }],
  ['settings', {}],
  ['writeChunk', { name: 'a/b%20c.vot', size: 3, md5: 'd41d8cd98f00b204e9800998ecf8427e', final: true, total: 9, wait: 5 }],
  ['writeChunk', { name: 'i', type: 'text/plain', data: 'aGk=' }],
  ['writeChunk', { names: ['a', 'b'], consumed: { pipe: 'p', group: 'g', seq: 1, fence: 'f', output: 'o' } }],
  [
    'writeChunk',
    {
      chunks: [
        { name: 'a', size: 1 },
        { name: 'b', data: '' },
      ],
    },
  ],
  ['close', { total: 12 }],
  ['putGroup', { mode: 'single', start: 'now', maxDeliveries: 0, lease: 5, expiresAfterIdle: 60 }],
  ['claim', { max: 3, maxBytes: 9, lease: 5, timeout: 0 }],
  ['ack', { fences: ['1.2.x'] }],
  ['nack', { fences: ['1.2.x', 'y'], delay: 3, reason: 'exit 1', counted: false }],
  ['extend', { fences: ['1.2.x'], lease: 3 }],
  ['close', {}],
];

describe('a document for pipes', () => {
  test.each(GOOD)('%s says the same in JSON and XML', (name, value) => {
    const xml = formatPipeXml(name, value);
    expect(parsePipeXml(name, xml)).toEqual(value);
    expect(read(name, parsePipeXml(name, xml))).toEqual(read(name, value));
  });

  test('in XML takes its elements in any order and under any prefix, with white space around values', () => {
    const xml = '<p:close xmlns:p="urn:vopipe:1"> <p:total> 3 </p:total> </p:close>';
    expect(read('close', parsePipeXml('close', xml))).toEqual({ total: 3 });
    const data = '<writeChunk xmlns="urn:vopipe:1"><data>\n aG\n k= </data><name>a</name></writeChunk>';
    expect(read('writeChunk', parsePipeXml('writeChunk', data))).toMatchObject({ chunks: [{ name: 'a', data: 'aGk=' }] });
  });
});

type Bad = readonly [name: PipeDocumentName, value: unknown, json: string, xml?: string];
const BAD: readonly Bad[] = [
  ['createPipe', [], '$: is not an object'],
  ['createPipe', { dest: 'vos://b.example~vospace/d' }, '$.src: is missing', '<createPipe/src>'],
  ['createPipe', { src: 'a', dest: 'b', destEndpoint: 'ftp://x' }, '$.destEndpoint: is not', '<createPipe/destEndpoint>'],
  [
    'createPipe',
    { src: 'a', dest: 'b', options: { order: 'x' } },
    '$.options.order: is none of write, ready',
    '<createPipe/options/order>',
  ],
  ['createPipe', { src: 'a', dest: 'b', options: { maxChunks: 0 } }, '$.options.maxChunks: is not between'],
  ['createPipe', { src: 'a', dest: 'b', options: { speed: 1 } }, '$.options.speed: is not a member'],
  ['settings', { src: 'a' }, '$.src: is not a member'],
  [
    'settings',
    { options: { retain: { kind: 'acked', seconds: 3 } } },
    '$.options.retain.seconds: has no meaning',
    '<settings/options/retain/seconds>',
  ],
  ['settings', { access: { read: ['x', 'y'] } }, '$.access.read[0]: is not a group', '<settings/access/read/group[1]>'],
  [
    'settings',
    { credentials: [{ authority: 'a.example', token: 'secret-secret', user: 'u' }] },
    '$.credentials[0]: has neither',
    '<settings/credentials/credential[1]>',
  ],
  ['writeChunk', {}, '$: has none of name, names and chunks', '<writeChunk>'],
  ['writeChunk', { nam: 'a' }, '$.nam: is not a member'],
  ['writeChunk', { name: 'a', names: ['b'] }, '$.names: must not be there together with name'],
  ['writeChunk', { names: [] }, '$.names: is empty'],
  ['writeChunk', { names: Array.from({ length: 501 }, (_, i) => `n${i}`) }, '$.names: has more than 500 items'],
  ['writeChunk', { names: ['a', '../b'] }, '$.names[1]: chunk name "../b"', '<writeChunk/names/name[2]>'],
  ['writeChunk', { name: '/a' }, '$.name: chunk name "/a"'],
  ['writeChunk', { name: 'a', md5: 'zz' }, '$.md5: is not an MD5'],
  ['writeChunk', { name: 'a', size: 1.5 }, '$.size: is not a whole number'],
  ['writeChunk', { name: 'a', type: 'text/plain' }, '$.type: is that of the node'],
  ['writeChunk', { name: 'a', data: 'aGk' }, '$.data: is not base64', '<writeChunk/data>'],
  ['writeChunk', { name: 'a', data: 'aGl=' }, '$.data: is not base64'],
  ['writeChunk', { name: 'a', data: 'A'.repeat(21_848) }, '$.data: has more than 16384 bytes'],
  ['writeChunk', { name: 'a', data: 'aGk=', size: 3 }, '$.size: data has 2 bytes'],
  ['writeChunk', { name: 'a', total: 3 }, '$.total: has no meaning without final'],
  ['writeChunk', { name: 'a', wait: 56 }, '$.wait: is not between 0 and 55'],
  ['writeChunk', { name: 'a', consumed: { pipe: 'p', group: 'g!', seq: 1, fence: 'f', output: 'o' } }, '$.consumed.group: "g!"'],
  ['putGroup', { mode: 'x' }, '$.mode: is none of single, shared'],
  ['claim', { max: 0 }, '$.max: is not between 1 and 1000'],
  ['claim', { timeout: 56 }, '$.timeout: is not between 0 and 55', '<claim/timeout>'],
  ['ack', { fences: [] }, '$.fences: is empty'],
  ['ack', { fences: ['a'], delay: 1 }, '$.delay: is not a member'],
  ['nack', { fences: ['a', ' '], delay: 1 }, '$.fences[1]: is blank', '<nack/fences/fence[2]>'],
  ['extend', { fences: ['a'], lease: 0 }, '$.lease: is not between'],
  ['close', { total: -1 }, '$.total: is not a whole number'],
];

describe('a refusal', () => {
  test.each(BAD.map(([name, value, json, xml = '<']) => ({ name, value, json, xml })))('of $name: $json', ({ name, value, json, xml }) => {
    expect(refusal(() => read(name, value))).toContain(`JSON ${json}`);
    expect(refusal(() => readFromXml(name, value, (one) => read(name, one)))).toContain(xml);
  });

  test('never repeats a credential', () => {
    expect(refusal(() => readPipeSettings({ credentials: [{ authority: 'a.example', token: 'secret-secret', user: 'u' }] }))).not.toContain(
      'secret',
    );
  });

  test.each([
    ['<close xmlns="urn:other"/>', 'the namespace of <close>'],
    ['<open xmlns="urn:vopipe:1"/>', 'the root element is <open>'],
    ['<close xmlns="urn:vopipe:1"><speed>1</speed></close>', '<close> must not contain <speed>'],
    ['<close xmlns="urn:vopipe:1">x</close>', '<close> must not contain text'],
    ['<close xmlns="urn:vopipe:1"><total>1</total><total>2</total></close>', '<close> has more than one <total>'],
    ['<close xmlns="urn:vopipe:1"><total>-1</total></close>', '<close/total> is "-1", not a number'],
    ['<!DOCTYPE x []><close xmlns="urn:vopipe:1"/>', ''],
  ])('of the XML %s names the element', (xml, detail) => {
    expect(refusal(() => parsePipeXml('close', xml))).toContain(detail);
    expect(refusal(() => parsePipeXml('close', xml))).not.toBe('not refused');
  });
});

test('characters that XML cannot carry become U+FFFD in an answer', () => {
  const xml = formatPipeXml('fault', { fault: 'VOSpaceFault', detail: 'a\u0000b<' });
  expect(parsePipeXml('fault', xml)).toEqual({ fault: 'VOSpaceFault', detail: 'a\uFFFDb<' });
});
