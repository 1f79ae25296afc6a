// Names of objects in adopted containers: as texts in the place of keys, and as paths of nodes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adoptedKeysOf, formatAdoptedKey, readAdoptedKey, readObjectName } from '../../src/model/adopted.ts';
import { keysIn, rangeBounds } from '../../src/model/key-range.ts';
import type { SpaceId } from '../../src/model/space-id.ts';

const space = 'Space1' as SpaceId;
const name = fc.string({ unit: 'grapheme', minLength: 1 });

describe('the key of an adopted object', () => {
  test('is read back as it was written, stands for itself alone, and lies among those of its container', () => {
    fc.assert(
      fc.property(name, name, (container, object) => {
        const key = formatAdoptedKey({ space, container, name: object });
        expect(readAdoptedKey(key)).toEqual({ space, container, name: object });
        expect([keysIn(key), rangeBounds(key)]).toEqual([[key], undefined]);
        const { from, before } = adoptedKeysOf(space, container);
        expect(from < key && key < before).toBe(true);
        const other = adoptedKeysOf(space, `${container}x`);
        expect(other.from < key && key < other.before).toBe(false);
      }),
    );
  });

  test('is none of the keys that the service makes', () => {
    for (const key of ['o/abc-1', 'in/abc', 'in/abc/1-5', 'o/abc@v1', 'adopted:x']) expect(readAdoptedKey(key)).toBeUndefined();
  });

  test('is one text: what only looks like it is none', () => {
    for (const key of [
      'adopted:s:%:x',
      'adopted:s:c:%ff',
      'adopted:s:c:n:more',
      'adopted:s:c:',
      'adopted:s::n',
      'adopted:s:c:%6e',
      'adopted::c:n',
    ])
      expect(readAdoptedKey(key), key).toBeUndefined();
  });
});

describe('the name of an object', () => {
  test('is a path of nodes, in NFC', () => {
    expect(readObjectName('a b/e\u0301/100%')).toEqual({ path: ['a b', 'é', '100%'], marksFolder: false });
    expect(readObjectName('a/b/')).toEqual({ path: ['a', 'b'], marksFolder: true });
  });

  test('that no node can have is refused', () => {
    for (const bad of [
      '',
      '/',
      '//',
      '/a',
      'a//b',
      '.',
      '..',
      'a/../b',
      'a/./b',
      'a\u0000',
      'a\\b',
      'x'.repeat(256),
      'a/.auto',
      '.null',
      '\ud800',
    ])
      expect(() => readObjectName(bad), JSON.stringify(bad)).toThrow(/^InvalidURI/);
  });
});
