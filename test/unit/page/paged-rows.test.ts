// The rows of a folder as a table takes them: from a service that tells where parts begin, and from one that only has pages.
import { describe, expect, test } from 'vitest';
import { VospaceError } from '../../../src/client/error.ts';
import type { NodeDocument } from '../../../src/model/node.ts';
import { BLOCK, byCodePoints } from '../../../src/page/files/blocks.ts';
import { PagedRows } from '../../../src/page/files/paged.ts';
import type { Row, Source } from '../../../src/page/files/source.ts';
import { Table } from '../../../src/page/files/table.ts';

const nameOf = (index: number): string => `n${String(index).padStart(6, '0')}`;
const rowOf = (name: string): Row => ({
  name,
  node: { uri: `vos://a/${name}`, type: 'DataNode', properties: [] } as unknown as NodeDocument,
});

interface Options {
  readonly marks?: boolean;
  readonly named?: boolean;
  readonly reads?: string[];
}

/** A folder whose names may be changed. */
function sourceOf(names: string[], { marks = true, named = true, reads = [] }: Options = {}): Source {
  const start = (from: string | undefined): number => {
    if (from === undefined) return 0;
    if (!named && !names.includes(from)) throw new VospaceError('InvalidArgument', 'no longer there');
    const at = names.findIndex((name) => (named ? byCodePoints(name, from) >= 0 : name === from));
    return at < 0 ? names.length : at;
  };
  return {
    page: async (from, limit, signal) => {
      reads.push(`${from ?? ''}+${limit}`);
      await Promise.resolve();
      signal.throwIfAborted();
      const at = start(from);
      return { rows: names.slice(at, at + limit).map(rowOf), next: names[at + limit] };
    },
    marks: marks
      ? async (from, limit) => {
          await Promise.resolve();
          return names
            .slice(start(from))
            .filter((_, at) => at % BLOCK === 0)
            .slice(0, limit);
        }
      : undefined,
    compare: named ? byCodePoints : undefined,
  };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 400; turn++) await Promise.resolve();
};
async function open(names: string[], options: Options = {}): Promise<PagedRows> {
  const rows = new PagedRows(sourceOf(names, options), () => undefined);
  await settled();
  return rows;
}
const all = (count: number): string[] => Array.from({ length: count }, (_, at) => nameOf(at));

test('a short folder is one question', async () => {
  const reads: string[] = [];
  const rows = await open(all(100), { reads });
  expect([rows.total, rows.exact, rows.at(99)?.name, reads.length]).toEqual([100, true, nameOf(99), 1]);
});

test('a long folder is counted, and any of its parts read when it is in sight', async () => {
  const reads: string[] = [];
  const rows = await open(all(300_000), { reads });
  expect([rows.total, rows.exact, reads.length]).toEqual([300_000, true, 2]);
  rows.show(150_000, 150_020);
  await settled();
  expect(rows.at(150_010)?.name).toBe(nameOf(150_010));
  expect(reads.length).toBeLessThan(6);
});

test('a name is found wherever it is', async () => {
  const rows = await open(all(300_000));
  expect(await rows.seek('n1234')).toBe(123_400);
  expect(await rows.seek('x')).toBeUndefined();
});

test('a name is found also while something else is scrolled to', async () => {
  const rows = await open(all(300_000));
  const found = rows.seek('n1234');
  for (let turn = 0; turn < 30; turn++) {
    rows.show(turn * 5000, turn * 5000 + 20);
    await Promise.resolve();
  }
  expect(await found).toBe(123_400);
});

test('a service that only has pages is gone through to its end', async () => {
  const rows = await open(all(3000), { marks: false });
  expect([rows.exact, rows.total > BLOCK]).toEqual([false, true]);
  expect(await rows.last()).toBe(2999);
  expect([rows.exact, rows.total]).toEqual([true, 3000]);
});

test('ranges come whole, also those that were let go', async () => {
  const rows = await open(all(8000));
  const range = await rows.collect(100, 7900);
  expect(range.map(({ name }) => name)).toEqual(all(8000).slice(100, 7900));
});

test('what has come and gone is told, and moves what is behind it', async () => {
  const names = all(600);
  const gone: string[] = [];
  const rows = new PagedRows(sourceOf(names), (_, lost) => gone.push(...lost));
  await settled();
  names.splice(10, 1);
  names.splice(5, 0, `${nameOf(4)}+`, `${nameOf(4)}++`);
  rows.refresh();
  await settled();
  expect([rows.total, rows.indexOf(nameOf(20)), gone]).toEqual([601, 21, [nameOf(10)]]);
});

test('in an order that may change under it a long folder is learnt anew', async () => {
  const names = all(1000);
  const rows = await open(names, { named: false });
  rows.show(300, 320);
  await settled();
  // The child that the part in sight begins with.
  names.splice(250, 1);
  rows.refresh();
  await settled();
  rows.show(300, 320);
  await settled();
  expect([rows.total, rows.at(300)?.name]).toEqual([999, nameOf(301)]);
});

test('a refusal is kept until it is asked again', async () => {
  const source = sourceOf(all(10));
  let refuses = true;
  const page: Source['page'] = (...asked) => (refuses ? Promise.reject(new VospaceError('PermissionDenied', '')) : source.page(...asked));
  const rows = new PagedRows({ ...source, page }, () => undefined);
  await settled();
  expect([rows.total, rows.failure?.thrown instanceof VospaceError]).toEqual([0, true]);
  refuses = false;
  rows.refresh();
  await settled();
  expect([rows.total, rows.failure]).toEqual([10, undefined]);
});

test('a name that cannot be asked for is told as rows that did not come', async () => {
  const source = sourceOf(all(1000));
  let refuses = false;
  const page: Source['page'] = (...asked) => (refuses ? Promise.reject(new Error('away')) : source.page(...asked));
  const rows = new PagedRows({ ...source, page }, () => undefined);
  await settled();
  refuses = true;
  const before = rows.version.value;
  expect(await rows.seek(nameOf(500))).toBeUndefined();
  expect([rows.failure?.thrown, rows.version.value > before]).toEqual([new Error('away'), true]);
  rows.close();
  expect(await rows.seek(nameOf(500))).toBeUndefined();
});

describe('a table of them', () => {
  async function table(names: string[]): Promise<{ table: Table; rows: PagedRows; tooMany: () => number }> {
    let calls = 0;
    const made = new Table(() => calls++);
    const rows = new PagedRows(sourceOf(names), made.read);
    made.open(rows);
    made.resize(36, 600);
    made.watch();
    await settled();
    return { table: made, rows, tooMany: () => calls };
  }
  const selected = ({ selection }: Table): readonly string[] => [...selection.value.rows.keys()];

  test('what is in sight stays where it is when rows come above it, and the keyboard at its row', async () => {
    const names = all(600);
    const { table: one, rows } = await table(names);
    one.scrolled(36 * 100);
    await one.go(103, 'select');
    names.splice(50, 0, `${nameOf(49)}+`);
    rows.refresh();
    await settled();
    expect([one.scroll.value.top, one.active.value, one.current?.name]).toEqual([36 * 101, 104, nameOf(103)]);
    expect(selected(one)).toEqual([nameOf(103)]);
  });
  test('at its beginning it shows what has come there', async () => {
    const names = all(600);
    const { table: one, rows } = await table(names);
    names.unshift('a');
    rows.refresh();
    await settled();
    expect([one.scroll.value.top, rows.at(0)?.name]).toEqual([0, 'a']);
  });
  test('ranges go from where they were begun, both ways, and over what is not at hand', async () => {
    const { table: one } = await table(all(5000));
    await one.go(1000, 'select');
    await settled();
    await one.go(1000, 'select');
    await one.go(3000, 'extend');
    await settled();
    expect(selected(one)).toEqual(all(5000).slice(1000, 3001));
    await one.go(998, 'extend');
    expect(selected(one)).toEqual(all(5000).slice(998, 1001));
  });
  test('everything is selected where that is not too much', async () => {
    const { table: one } = await table(all(3000));
    await one.selectAll();
    expect(selected(one).length).toBe(3000);
    const { table: large, tooMany } = await table(all(30_000));
    await large.selectAll();
    expect([selected(large).length, tooMany()]).toEqual([0, 1]);
  });
  test('what is gone is selected no longer', async () => {
    const names = all(20);
    const { table: one, rows } = await table(names);
    await one.go(3, 'select');
    await one.go(5, 'extend');
    names.splice(4, 1);
    rows.refresh();
    await settled();
    expect(selected(one)).toEqual([nameOf(3), nameOf(5)]);
  });
});
