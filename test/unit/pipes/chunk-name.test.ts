// The names of chunks: one spelling for each path, and nothing that leads out of the container.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/faults.ts';
import { MAX_CHUNK_NAME, parseChunkName, parsePipeGroup, pathOfChunk } from '../../../src/model/chunk-name.ts';

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const part = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'Z', '.', '-', '~', '%', ' ', '?', '#', '+', 'é', 'é', 'ﬁ', '😀'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 12,
});
const paths = fc.array(part, { minLength: 1, maxLength: 5 });

function parsed(text: string): string {
  try {
    return parseChunkName(text);
  } catch (error) {
    return error instanceof Fault ? error.fault : String(error);
  }
}

describe("a chunk's name", () => {
  test(`is the same however its path is spelled, and spells that path (SEED=${SEED})`, () => {
    let taken = 0;
    const property = fc.property(paths, (path) => {
      const strict = parsed(path.map((name) => encodeURIComponent(name)).join('/'));
      if (strict === 'InvalidArgument') return;
      taken++;
      const lower = path.map((name) => encodeURIComponent(name).replaceAll(/%../g, (escape) => escape.toLowerCase())).join('/');
      const all = path.map((name) => Array.from(Buffer.from(name), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')).join('/');
      const decomposed = path.map((name) => encodeURIComponent(name.normalize('NFD'))).join('/');
      for (const spelling of [lower, all, decomposed, strict]) if (spelling.length <= MAX_CHUNK_NAME) expect(parsed(spelling)).toBe(strict);
      expect(pathOfChunk(parseChunkName(strict))).toEqual(path.map((name) => name.normalize('NFC')));
      expect(strict).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]+$/);
    });
    fc.assert(property, { seed: SEED, numRuns: 3000 });
    expect(taken).toBeGreaterThan(1000);
  });

  test(`that is taken is taken again, whatever the text was (SEED=${SEED})`, () => {
    const property = fc.property(
      fc.oneof(
        fc.string(),
        paths.map((path) => path.join('/')),
        fc.string({ unit: 'binary', maxLength: 400 }),
      ),
      (text) => {
        const name = parsed(text);
        if (name === 'InvalidArgument') return;
        expect(parsed(name)).toBe(name);
        expect(name.length).toBeLessThanOrEqual(MAX_CHUNK_NAME);
        expect(pathOfChunk(parseChunkName(name)).some((each) => each === '.' || each === '..' || each === '')).toBe(false);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 5000 });
  });

  test.each([
    ['nothing', ''],
    ['an absolute path', '/a'],
    ['a container', 'a/'],
    ['an empty segment', 'a//b'],
    ['dots that lead up', 'a/../b'],
    ['dots in escapes', 'a/%2e%2e/b'],
    ['a dot alone', './a'],
    ['a slash in an escape', 'a%2fb'],
    ['a backslash', 'a%5cb'],
    ['a control character', 'a%00b'],
    ['broken UTF-8', 'a%ffb'],
    ['half an escape', 'a%'],
    ['a name that the server would pick', 'a/.auto'],
    ['the bit bucket', '.null'],
    ['the bit bucket in escapes', '%2Enull'],
    ['too long a segment', 'a'.repeat(256)],
    ['too long a path', Array.from({ length: 6 }, () => 'a'.repeat(200)).join('/')],
    ['a path that is too long in its one spelling', Array.from({ length: 3 }, () => 'é'.repeat(100)).join('/')],
  ])('is not %s', (_, text) => {
    expect(parsed(text)).toBe('InvalidArgument');
  });

  test('may be as long as is said', () => {
    const longest = [...Array.from({ length: 4 }, () => 'a'.repeat(250)), 'b'.repeat(20)].join('/');
    expect(longest).toHaveLength(MAX_CHUNK_NAME);
    expect(parsed(longest)).toBe(longest);
  });
});

test.each(['', '.hidden', '-a', 'a b', 'a/b', 'ü', 'a'.repeat(129), 'a\n'])('%j is no name of a group', (text) => {
  expect(() => parsePipeGroup(text)).toThrow('InvalidArgument');
});
test.each(['a', '_', 'Readers.1-b', 'a'.repeat(128)])('%s is a name of a group', (text) => {
  expect(parsePipeGroup(text)).toBe(text);
});
