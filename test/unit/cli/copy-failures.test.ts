// What fails by itself leaves the rest of a copy as it is.
import { expect, test } from 'vitest';
import type { Context } from '../../../src/cli/command.ts';
import type { Copying, NodePlace } from '../../../src/cli/copy/copying.ts';
import type { LocalFile } from '../../../src/cli/copy/entry.ts';
import { Report } from '../../../src/cli/copy/report.ts';
import { withoutSame } from '../../../src/cli/copy/there.ts';
import { LENGTH, MD5 } from '../../../src/model/property.ts';

test('an event of a VOSpace that is not known is told by its name, and so are those after it', async () => {
  const told: unknown[] = [];
  const spaces = { of: () => Promise.reject(new Error('no such VOSpace')) };
  const terminal = { watched: false, json: (value: unknown) => Promise.resolve(told.push(value)) };
  const report = new Report({ terminal, spaces, json: true, quiet: false } as unknown as Context, false);
  report.skipped('vos://elsewhere/a', 'no bytes');
  report.settled('copied', '/tmp/b');
  await report.end(undefined);
  expect(told).toEqual([
    { event: 'skipped', name: 'vos://elsewhere/a', why: 'no bytes' },
    { event: 'copied', name: '/tmp/b' },
  ]);
});

test('a file that cannot be read fails alone when it is compared', async () => {
  const properties = [LENGTH, MD5].map((uri) => ({ uri, value: uri === LENGTH ? '1' : 'x' }));
  const get = () => Promise.resolve({ node: { type: 'DataNode', properties } });
  const to = { space: { session: { codec: { ours: false } }, nodes: { get } }, where: [], authority: 'here' } as unknown as NodePlace;
  const failures: string[] = [];
  const report = { failed: (name: string) => failures.push(name), settled: () => undefined };
  const copying = { mode: { same: 'md5' }, report, signal: new AbortController().signal } as unknown as Copying;
  const fileOf = (name: string, size: number): LocalFile => {
    return { kind: 'file', names: [name], parent: undefined, path: '/nowhere/at-all', size, modified: 0, inode: 0 };
  };
  const other = fileOf('other', 2);
  expect(await withoutSame([fileOf('gone', 1), other], to, copying)).toEqual([other]);
  expect(failures).toEqual(['vos://here/gone']);
});
