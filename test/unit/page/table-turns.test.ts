// Whoever moves on is not taken back by what was looked for before.
import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { NodeDocument } from '../../../src/model/node.ts';
import type { Rows } from '../../../src/page/files/rows.ts';
import type { Row } from '../../../src/page/files/source.ts';
import { Table } from '../../../src/page/files/table.ts';

const nameOf = (index: number): string => `n${String(index).padStart(3, '0')}`;
const rowOf = (index: number): Row => ({
  name: nameOf(index),
  node: { uri: '', type: 'DataNode', properties: [] } as unknown as NodeDocument,
});

/** A table of 200 rows, the first hundred at hand; the rest is found and counted when it is let. */
function held() {
  const [seeks, ends] = [Promise.withResolvers<number | undefined>(), Promise.withResolvers<number>()];
  const rows: Rows & { failure: { readonly thrown: unknown } | undefined } = {
    version: signal(0),
    total: 200,
    exact: true,
    starting: false,
    failure: undefined,
    at: (index) => (index < 200 ? rowOf(index) : undefined),
    indexOf: (name) => (name < nameOf(100) ? Number(name.slice(1)) : undefined),
    show: () => undefined,
    seek: () => seeks.promise,
    collect: () => Promise.resolve([]),
    last: () => ends.promise,
    refresh: () => undefined,
    close: () => undefined,
  };
  const table = new Table(() => undefined);
  table.open(rows);
  table.resize(36, 600);
  table.watch();
  return { table, rows, seeks, ends };
}
const stand = (table: Table) => [table.current?.name, [...table.selection.value.rows.keys()]];

test('what the URL names is gone to, wherever it is', async () => {
  const { table, seeks } = held();
  const chosen = table.choose([rowOf(150)], table.turn);
  seeks.resolve(150);
  await chosen;
  expect(stand(table)).toEqual([nameOf(150), [nameOf(150)]]);
});

test('a name that only begins as the one in the URL is not gone to', async () => {
  const { table, seeks } = held();
  const chosen = table.choose([{ ...rowOf(150), name: 'n15' }], table.turn);
  seeks.resolve(150);
  await chosen;
  expect(table.active.value).toBe(0);
});

test('the keyboard stays where it has gone while what the URL names was looked for', async () => {
  const { table, seeks } = held();
  const chosen = table.choose([rowOf(150)], table.turn);
  await table.go(7, 'select');
  seeks.resolve(150);
  await chosen;
  expect(stand(table)).toEqual([nameOf(7), [nameOf(7)]]);
});

test('the keyboard stays where it went before what the URL names had come', async () => {
  const { table } = held();
  const { turn } = table;
  await table.go(7, 'stay');
  await table.choose([rowOf(3)], turn);
  expect(stand(table)).toEqual([nameOf(7), [nameOf(3)]]);
});

test('whoever goes on while a typed name or the end is looked for stays there', async () => {
  const { table, seeks, ends } = held();
  const [found, ended] = [table.seek('n15'), table.goToEnd('select')];
  await table.go(7, 'select');
  seeks.resolve(150);
  ends.resolve(120);
  await ended;
  expect([await found, ...stand(table)]).toEqual([true, nameOf(7), [nameOf(7)]]);
});

test('a name that could not be asked for is not said to be missing', async () => {
  const { table, rows, seeks } = held();
  seeks.resolve(undefined);
  expect(await table.seek('n15')).toBe(false);
  rows.failure = { thrown: new Error('the network is away') };
  expect(await table.seek('n15')).toBe(true);
});
