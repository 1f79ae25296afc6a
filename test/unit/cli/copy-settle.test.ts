// What a file of a copy is when all of its bytes have come: its name, its permissions and its date.
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { CONTENT_DATE } from '../../../src/cli/copy/dates.ts';
import { Journal } from '../../../src/cli/copy/journal.ts';
import { Staging, writeSmall } from '../../../src/cli/copy/staging.ts';
import { nodeFile } from '../../../src/cli/copy/node-file.ts';
import { MTIME } from '../../../src/model/property.ts';

const directory = mkdtempSync(join(tmpdir(), 'vopipe-settle-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());
const at = (name: string): string => join(directory, name);
const settle = (name: string, modified?: number): void => writeSmall(at('part'), Buffer.from('come'), at(name), modified);

test('a file in the place of a link that leads nowhere has the permissions of any other', () => {
  writeFileSync(at('other'), '');
  symlinkSync('nowhere', at('link'));
  settle('link');
  expect([lstatSync(at('link')).mode, readFileSync(at('link'), 'utf8')]).toEqual([statSync(at('other')).mode, 'come']);
});

test('a file keeps its permissions, also behind a link, which stays', () => {
  writeFileSync(at('closed'), '', { mode: 0o600 });
  symlinkSync('closed', at('way'));
  settle('way');
  expect([lstatSync(at('way')).isSymbolicLink(), statSync(at('closed')).mode & 0o777]).toEqual([true, 0o600]);
});

test('a file may be older than 1970', () => {
  const date = Date.UTC(1960, 0, 1);
  settle('old', date);
  expect(statSync(at('old')).mtimeMs).toBe(date);
});

test.each([
  ['2001-02-03T04:05:06', Date.UTC(2001, 1, 3, 4, 5, 6)],
  ['2001-02-03T04:05:06+02:00', Date.UTC(2001, 1, 3, 2, 5, 6)],
  ['garbage', Date.UTC(2020, 0, 1)],
])('contents of %s are of that moment wherever they are read, and where it is none of the node’s', (value, moment) => {
  vi.stubEnv('TZ', 'America/New_York');
  const properties = [
    { uri: CONTENT_DATE, value, readOnly: false },
    { uri: MTIME, value: '2020-01-01T00:00:00', readOnly: true },
  ];
  const node = { uri: '', type: 'DataNode', properties, accepts: [], provides: [], capabilities: [] } as const;
  expect(nodeFile(node).modified).toBe(moment);
});

test('what others have put in the place of the hidden folder gets nothing', () => {
  const own = mkdtempSync(join(tmpdir(), 'vopipe-staging-'));
  mkdirSync(join(own, 'elsewhere'));
  symlinkSync('elsewhere', join(own, '.vopipe-0123456789ab.part'));
  expect(() => new Staging(own, new Journal('0123456789ab', undefined)).fresh()).toThrow('not a directory of one');
  rmSync(own, { recursive: true });
});
