// How far a copy has come, at terminals of any width.
import { expect, test } from 'vitest';
import { progressLine, type Progress } from '../../../src/cli/copy/progress.ts';

const MIB = 1024 * 1024;
const half: Progress = { done: 1234, failures: 0, moved: 50 * MIB, rate: 10 * MIB, total: { files: 10_000, bytes: 100 * MIB } };

test('a bar, the rate and the time that is left are shown from 40 columns on', () => {
  const lines = [40, 80, 120].map((columns) => progressLine(half, columns));
  expect(lines).toEqual([
    ' 50 % ━━━━━────── 10.0 MiB/s, 0:05 left',
    ' 50 % ━━━━━━━━━━━━━━────────────── 1,234 of 10,000 files, 10.0 MiB/s, 0:05 left',
    ' 50 % ━━━━━━━━━━━━━━━─────────────── 1,234 of 10,000 files, 50.0 MiB of 100 MiB, 10.0 MiB/s, 0:05 left',
  ]);
});

test('no line is wider than the terminal, from 30 columns on', () => {
  const totals = [undefined, { files: 0, bytes: 100 * MIB }, { files: 1, bytes: 100 * MIB }, half.total];
  for (const total of totals)
    for (let columns = 30; columns < 140; columns++) {
      const line = progressLine({ ...half, total, failures: 0 }, columns);
      expect(line.length, line).toBeLessThan(columns);
    }
});

test('of one file the bytes are told, of a tree whose files nobody has counted those that are done', () => {
  expect(progressLine({ ...half, done: 0, total: { files: 1, bytes: 100 * MIB } })).toBe(
    ' 50 %, 50.0 MiB of 100 MiB, 10.0 MiB/s, 0:05 left',
  );
  expect(progressLine({ ...half, total: { files: 0, bytes: 100 * MIB } })).toMatch(/^ 50 %, 1,234 files, 50.0 MiB of/);
  expect(progressLine({ ...half, failures: 2, total: undefined })).toBe('1,234 files, 50.0 MiB, 10.0 MiB/s, 2 failed');
});
