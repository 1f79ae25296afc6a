// Uploads whose folder is gone: which one it is, and where the files go instead.
import { describe, expect, test } from 'vitest';
import { VospaceError } from '../../../src/client/error.ts';
import { missing, wayBelow } from '../../../src/page/tray/missing.ts';

function present(...paths: readonly string[]) {
  return (path: string): Promise<void> =>
    paths.includes(path) ? Promise.resolve() : Promise.reject(new VospaceError('NodeNotFound', path, { status: 404 }));
}

describe('the folder that is gone', () => {
  test('is the topmost that is missing', async () => {
    expect(await missing('/a/b/c/d', present('', '/a'))).toEqual('/a/b');
    expect(await missing('/a/b', present('', '/a'))).toEqual('/a/b');
  });

  test('is none where it is there, or where one may not look', async () => {
    expect(await missing('/a/b', present('', '/a', '/a/b'))).toBeUndefined();
    const refused = (): Promise<void> => Promise.reject(new VospaceError('PermissionDenied', '', { status: 403 }));
    expect(await missing('/a/b', refused)).toBeUndefined();
  });
});

test('files go to another folder with what was below the one that is gone', () => {
  const way = ['set', 'deep', 'one.txt'];
  expect(wayBelow('/a/b', '/a/b', way)).toEqual(way);
  expect(wayBelow('/a', '/a/b', way)).toEqual(way);
  expect(wayBelow('/a/b/set', '/a/b', way)).toEqual(['deep', 'one.txt']);
  expect(wayBelow('/a/b/set/deep', '/a/b', way)).toEqual(['one.txt']);
  expect(wayBelow('/a/b/set', '', ['a', 'b', ...way])).toEqual(['deep', 'one.txt']);
});
