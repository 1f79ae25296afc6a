// Files of this computer, read while somebody changes them.
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { LocalFile } from '../../../src/cli/copy/entry.ts';
import { Changed, readWhole } from '../../../src/cli/copy/local-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'vopipe-bytes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function found(path: string): LocalFile {
  const { size, mtimeMs, ino } = statSync(path);
  return { kind: 'file', names: ['x'], parent: undefined, path, size, modified: mtimeMs, inode: ino };
}

test('a small file that was written again since it was found is not sent as it was then, also where its length is the same', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'one');
  const file = found(path);
  expect(Buffer.from(await readWhole(file)).toString()).toBe('one');
  writeFileSync(path, 'two');
  utimesSync(path, 1, 1);
  await expect(readWhole(file)).rejects.toBeInstanceOf(Changed);
  await expect(readWhole({ ...found(path), size: 2 })).rejects.toBeInstanceOf(Changed);
  expect(Buffer.from(await readWhole(found(path))).toString()).toBe('two');
});
