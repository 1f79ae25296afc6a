// What the fields of a search stand for.
import { expect, test } from 'vitest';
import { asksSomething, parametersOf, parseSize, problemsOf, queryOf, readFields } from '../../../src/page/search/query.ts';

const EMPTY = readFields(() => undefined);

test('a name without wildcards is a part of names, one with them a pattern as it is', () => {
  expect(queryOf({ ...EMPTY, name: ' m31 ' }).name).toBe('*m31*');
  expect(queryOf({ ...EMPTY, name: 'a\\b' }).name).toBe('*a\\\\b*');
  expect(queryOf({ ...EMPTY, name: '*.fit?' }).name).toBe('*.fit?');
});

test('sizes are read with their units, and what is no size is a problem', () => {
  expect(['10 MB', '2GiB', '1e3', '1,024', '5k', ''].map(parseSize)).toEqual([1e7, 2 * 1024 ** 3, undefined, 1024, 5000, null]);
  expect(Object.keys(problemsOf({ ...EMPTY, min: 'x', max: '1' }))).toEqual(['min']);
  expect(Object.keys(problemsOf({ ...EMPTY, min: '2', max: '1' }))).toEqual(['max']);
  expect(queryOf({ ...EMPTY, min: '0' }).size).toEqual({ from: 0, to: undefined });
});

test('a day is all of it', () => {
  const { date } = queryOf({ ...EMPTY, from: '2026-03-01', to: '2026-03-01' });
  expect(Number(date?.to) - Number(date?.from)).toBe(86_399_999);
  expect(Object.keys(problemsOf({ ...EMPTY, from: '2026-03-02', to: '2026-03-01' }))).toEqual(['to']);
  expect(readFields((name) => ({ from: 'nonsense', to: '2026-3' })[name])).toEqual(EMPTY);
});

test('a property is named short or by its URI', () => {
  expect(queryOf({ ...EMPTY, property: 'title' }).properties).toEqual({ 'ivo://ivoa.net/vospace/core#title': true });
  expect(queryOf({ ...EMPTY, property: 'urn:band', value: 'V' }).properties).toEqual({ 'urn:band': { contains: 'V' } });
});

test('what is typed is the URL, and the URL what is typed', () => {
  const fields = { ...EMPTY, below: '/a', name: '50% <b> & ünï', type: 'files' };
  const parameters = parametersOf(fields);
  expect(readFields((name) => parameters.get(name) ?? undefined)).toEqual(fields);
  expect([asksSomething(EMPTY), asksSomething({ ...EMPTY, below: '/a' }), asksSomething(fields)]).toEqual([false, false, true]);
});
