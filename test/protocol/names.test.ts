// Names of nodes, in URLs and in vos:// URIs: VOSpace 2.1 section 2 and RFC 3986.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { expectFault, expectStatus, newUser, nodeIn, uriOf } from './world.ts';

const me = await newUser('names');

/** Encoded name → its meaning. */
const NAMES: readonly (readonly [string, string])[] = [
  ['with%20space', 'with space'],
  ['plus+sign', 'plus+sign'],
  ['percent%25sign', 'percent%sign'],
  ['percent%2541', 'percent%41'],
  ['%C3%A9t%C3%A9', 'été'],
  ['%E6%98%9F', '星'],
  ['%F0%9F%94%AD', '🔭'],
  ['question%3Fmark', 'question?mark'],
  ['hash%23sign', 'hash#sign'],
  ['colon:at@semi;comma,equals=', 'colon:at@semi;comma,equals='],
  ["quote'%22", 'quote\'"'],
  ['amp&amp', 'amp&amp'],
  ['less%3Cgreater%3E', 'less<greater>'],
  ['.hidden', '.hidden'],
  ['...', '...'],
  ['CASE', 'CASE'],
  ['case', 'case'],
  ['constructor', 'constructor'],
  ['__proto__', '__proto__'],
  ['brackets%5Bx%5D', 'brackets[x]'],
  ['bang!tilde~', 'bang!tilde~'],
  ["sub'()*$", "sub'()*$"],
];

test.each(NAMES)('the name %s can be created, read, listed, set, filled and deleted', async (encoded, meaning) => {
  const parent = await me.made(me.fresh());
  const path = `${parent}/${encoded}`;
  const decoded = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  expect(decoded(nodeIn(await me.create(path, { type: 'DataNode' }), 201).uri)).toBe(meaning);
  expect(decoded((await me.read(path)).uri)).toBe(meaning);
  expect((await me.read(parent)).nodes?.map((node) => decoded(node.uri))).toEqual([meaning]);
  expectStatus(await me.set(path, { properties: { [core('title')]: meaning } }), 200);
  expect(await me.bytes(await me.stored(path, meaning))).toBe(meaning);
  expectStatus(await me.remove(path), 204);
});

test('two spellings of one name in percent-encoding name one node', async () => {
  const path = await me.made(me.fresh('abc'));
  const spelled = path.replace(/abc-/, '%61%62c%2D');
  expect((await me.read(spelled)).uri).toBe(uriOf(path));
  expectFault(await me.create(spelled), 'DuplicateNode');
});

test('names differ by case', async () => {
  const path = await me.made(me.fresh('lower'));
  expectStatus(await me.get(`/nodes${path.replace('lower', 'LOWER')}`), 404);
});

test('the composed and the decomposed form of a letter name one node', async () => {
  const path = me.fresh();
  await me.made(`${path}-%C3%A9`);
  expectStatus(await me.get(`/nodes${path}-e%CC%81`), 200);
  expectStatus(await me.create(`${path}-e%CC%81`), 400, 409);
});

test('a trailing slash in the URL changes nothing', async () => {
  const path = await me.made(me.fresh());
  expect((await me.read(`${path}/`)).uri).toBe(uriOf(path));
});

test('a name of 255 bytes is accepted and one of 256 is InvalidURI', async () => {
  const parent = await me.made(me.fresh());
  expectStatus(await me.create(`${parent}/${'n'.repeat(255)}`), 201);
  expectFault(await me.create(`${parent}/${'n'.repeat(256)}`), 'InvalidURI');
  expectFault(await me.create(`${parent}/${'%C3%A9'.repeat(128)}`), 'InvalidURI');
});

test('a path of more than 4,096 bytes is InvalidURI', async () => {
  const path = `/${'d'.repeat(200)}`.repeat(21);
  expectFault(await me.get(`/nodes${me.home}${path}`), 'InvalidURI');
});

describe('a URL path', () => {
  test.each([
    ['an empty segment', '//x'],
    ['an encoded slash', '/a%2Fb'],
    ['an encoded backslash', '/a%5Cb'],
    ['a NUL', '/a%00b'],
    ['a newline', '/a%0Ab'],
    ['a carriage return', '/a%0Db'],
    ['a C1 control', '/a%C2%85b'],
    ['a delete character', '/a%7Fb'],
    ['an incomplete escape', '/a%4'],
    ['an escape that is none', '/a%GGb'],
    ['bytes that are not UTF-8', '/a%FFb'],
    ['overlong UTF-8', '/a%C0%AFb'],
    ['an encoded surrogate', '/a%ED%A0%80b'],
  ])('with %s is InvalidURI for every operation', async (_, suffix) => {
    const path = `${me.home}${suffix}`;
    for (const answer of [
      await me.get(`/nodes${path}`),
      await me.create(path, { type: 'DataNode' }, uriOf(`${me.home}/x`)),
      await me.set(path, {}, uriOf(`${me.home}/x`)),
      await me.remove(path),
      await me.get(`/files${path}`),
      await me.put(path, 'bytes'),
    ]) {
      expectFault(answer, 'InvalidURI');
    }
  });
});

// HTTP stacks resolve dot segments before a service sees them, so only where they end can be seen.
test('dot segments in a URL never lead out of the node tree', async () => {
  for (const path of ['/nodes/../../etc/passwd', '/nodes/..%2f..%2fetc', '/files/../capabilities/../../x', '/nodes/%2e%2e/%2e%2e/x']) {
    const answer = await me.get(path);
    expect([400, 404], `${path}: ${answer.status}`).toContain(answer.status);
  }
});
