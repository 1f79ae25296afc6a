// docs/compliance.md against the tests: every row of the matrix is there, and every test it names exists.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/compliance.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| (.*) \| (.*) \| (.*) \|$/gm)].map(([, row = '', , shown = '', remark = '']) => ({
  row: Number(row),
  shown,
  remark,
}));
const sources = new Map<string, string>();

function source(file: string): string {
  const text = sources.get(file) ?? readFileSync(new URL(`${file}.test.ts`, import.meta.url), 'utf8').replaceAll("\\'", "'");
  sources.set(file, text);
  return text;
}

test('the table has the 65 rows of the compliance matrix, each once and in order', () => {
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 65 }, (_, i) => i + 1));
});

test('every test that the table names exists', () => {
  const named = rows.flatMap(({ row, shown }) =>
    [...shown.matchAll(/`([a-z-]+)`: (.*?)(?=<br>|$)/g)].map(([, file = '', name = '']) => ({ row, file, name })),
  );
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter(({ file, name }) => !source(file).includes(name))).toEqual([]);
});

test('a row without a test says why', () => {
  expect(rows.filter(({ shown, remark }) => shown === '—' && remark.trim() === '')).toEqual([]);
});
