// Where copies go, what is left out, and what is remembered of a copy that did not come to its end.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filterOf } from '../../../src/cli/copy/filter.ts';
import { localPath } from '../../../src/cli/copy/local-names.ts';
import { mediaTypeOf } from '../../../src/cli/copy/media-type.ts';
import { MTIME } from '../../../src/model/property.ts';
import { digestOf, formatDigest, readDigest } from '../../../src/model/parts-digest.ts';
import { planNames, type Aim, type Source } from '../../../src/cli/copy/plan.ts';
import { Staging } from '../../../src/cli/copy/staging.ts';
import { openJournal } from '../../../src/cli/copy/state.ts';
import { nodeFile } from '../../../src/cli/copy/node-file.ts';
import { checkDisks } from '../../../src/cli/copy/disks.ts';
import { walkLocal } from '../../../src/cli/copy/walk-local.ts';

const directory = mkdtempSync(join(tmpdir(), 'vopipe-plan-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string): Source => ({ text: name, name, kind: 'file' });
const folder = (name: string): Source => ({ text: name, name, kind: 'folder' });
const aim = (kind: Aim['kind'], slash = false): Aim => ({ text: `t${slash ? '/' : ''}`, kind, folder: slash });

test.each([
  ['2026-01-01T10:00:00', 10],
  ['2026-01-01T10:00:00.000Z', 10],
  ['2026-01-01T10:00:00+01:00', 9],
  ['yesterday', undefined],
])('a node that was changed at %s has the date of that moment, where it is one', (value, hour) => {
  const lists = { accepts: [], provides: [], capabilities: [] };
  const node = { uri: '', type: 'DataNode', properties: [{ uri: MTIME, value, readOnly: true }], ...lists } as const;
  expect(nodeFile(node).modified).toBe(hour === undefined ? undefined : Date.UTC(2026, 0, 1, hour));
});

describe('a target', () => {
  test('that is a folder takes things under their own names', () => {
    expect(planNames([file('a'), folder('b')], aim('folder'))).toEqual(['a', 'b']);
    expect(planNames([folder('')], aim('folder'))).toEqual([undefined]);
  });

  test('that is not there gives its name to one thing', () => {
    expect(planNames([file('a')], aim('none'))).toEqual([undefined]);
    expect(planNames([folder('a')], aim('none', true))).toEqual([undefined]);
    expect(() => planNames([file('a'), file('b')], aim('none'))).toThrow('not there');
    expect(() => planNames([file('a')], aim('none', true))).toThrow('not there');
  });

  test('that is a file takes one file', () => {
    expect(planNames([file('a')], aim('file'))).toEqual([undefined]);
    expect(() => planNames([folder('a')], aim('file'))).toThrow('is a file');
    expect(() => planNames([file('a'), file('b')], aim('file'))).toThrow('not a folder');
  });

  test('does not take two things under one name', () => {
    expect(() => planNames([file('a'), file('a')], aim('folder'))).toThrow('two of the sources');
  });
});

test.each([
  ['*.tmp', ['a', 'b.tmp'], false, true],
  ['*.tmp', ['b.tmpx'], false, false],
  ['raw/*.fits', ['raw', 'x.fits'], false, true],
  ['raw/*.fits', ['raw', 'deep', 'x.fits'], false, false],
  ['raw/**/*.fits', ['raw', 'x.fits'], false, true],
  ['raw/**/*.fits', ['raw', 'deep', 'er', 'x.fits'], false, true],
  ['/top', ['top'], false, true],
  ['/top', ['a', 'top'], false, false],
  ['.git/', ['.git'], true, true],
  ['.git/', ['.git'], false, false],
  ['[a-c]?', ['b1'], false, true],
  ['[!a-c]?', ['b1'], false, false],
  ['a\\*b', ['a*b'], false, true],
  ['a\\*b', ['axb'], false, false],
  ['a+(b)', ['a+(b)'], false, true],
] as const)('the pattern %s and %j (a folder: %s): %s', (pattern, names, isFolder, is) => {
  expect(filterOf([pattern], []).leavesOut(names, isFolder)).toBe(is);
  expect(filterOf([pattern], [names.at(-1)?.replaceAll(/[*[\\]/g, '\\$&') ?? '']).leavesOut(names, isFolder)).toBe(false);
});

test('no name of a node leads out of the folder', () => {
  expect(localPath('/top', ['a', '..b'])).toBe('/top/a/..b');
  for (const name of ['..', '.', '', 'a/b', 'a\0b']) expect(() => localPath('/top', [name])).toThrow('no file can be called');
});

test('the name tells the media type', () => {
  expect(['m31.FITS', 'a.tar.gz', 'constructor', 'x.constructor', 'none'].map(mediaTypeOf)).toEqual([
    'application/fits',
    'application/gzip',
    'application/octet-stream',
    'application/octet-stream',
    'application/octet-stream',
  ]);
});

test('the digest of parts holds for the bytes of which it was said', () => {
  const digest = digestOf(5, ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']);
  expect(readDigest(formatDigest(digest, '2026-11-23T00:00:00.000'), '2026-11-23T00:00:00.000')).toBe(digest);
  expect(readDigest(formatDigest(digest, '2026-11-23T00:00:00.000'), '2026-11-23T00:00:01.000')).toBeUndefined();
  expect(readDigest('nonsense', '2026-11-23T00:00:00.000')).toBeUndefined();
});

test('a source that is another folder than when it was read is noticed, as where its disk is not there any more', async () => {
  const source = join(directory, 'mount');
  mkdirSync(source);
  const disks = new Map<string, string>();
  const walk = { signal: new AbortController().signal, skip: () => undefined, failed: () => undefined, disks };
  for await (const _ of walkLocal(source, walk));
  expect(() => checkDisks(disks)).not.toThrow();
  renameSync(source, `${source}-away`);
  expect(() => checkDisks(disks)).toThrow('nothing more is removed');
  mkdirSync(source);
  expect(() => checkDisks(disks)).toThrow('nothing more is removed');
});

describe('a journal', () => {
  const environment = { XDG_STATE_HOME: directory };
  const open = (name: string) => openJournal([name], environment);
  const fileOf = (key: string): string => join(directory, 'vopipe', 'copies', `${key}.jsonl`);
  const upload = { id: 'large', to: 'vos://x/a', path: '/a', size: 1, modified: 2, inode: 3 };

  test('remembers what was not ended, and nothing when all is', () => {
    const first = open('one');
    first.journal.begun(['a', 'b', 'c']);
    first.journal.over(['b']);
    first.journal.uploading(upload);
    first.journal.downloading({ part: 'p', from: '/x', size: 10, identity: 'm', range: 4 });
    first.journal.arrived('p', 1);
    first.journal.planned([null, 'x']);
    first.close(false);
    const second = open('one');
    expect([second.journal.open, second.journal.plan, second.journal.resumes]).toEqual([['a', 'c'], [null, 'x'], true]);
    expect(second.journal.uploadTo('vos://x/a')).toEqual(upload);
    expect(second.journal.downloadInto('p')?.arrived).toEqual(new Set([1]));
    second.journal.over(['a', 'c']);
    second.journal.dropped('vos://x/a');
    second.journal.dropped('p');
    second.close(true);
    expect(readdirSync(join(directory, 'vopipe', 'copies'))).toEqual([]);
  });

  test('stays for an upload of whose beginning nothing was heard', () => {
    const first = open('unheard');
    first.journal.intending(['vos://x/a']);
    first.close(false);
    const second = open('unheard');
    expect(second.journal.intends('vos://x/a')).toBe(true);
    second.journal.dropped('vos://x/a');
    second.close(false);
    expect(existsSync(fileOf(second.journal.key))).toBe(false);
  });

  test('is read as far as it can be when its last line was cut off, and goes on', () => {
    const first = open('two');
    first.journal.begun(['a']);
    first.close(false);
    appendFileSync(fileOf(first.journal.key), '{"begun":["b"');
    const second = open('two');
    second.journal.begun(['c']);
    second.close(false);
    const third = open('two');
    expect(third.journal.open).toEqual(['a', 'c']);
    third.close(true);
  });

  test('stays small however much goes through it', () => {
    const { journal, close } = open('three');
    for (let i = 0; i < 300; i++) {
      const ids = Array.from({ length: 500 }, (_, k) => `${i}-${k}-${'x'.repeat(80)}`);
      journal.begun(ids);
      journal.over(ids);
    }
    journal.begun(['last']);
    expect(readFileSync(fileOf(journal.key)).length).toBeLessThan(5 * 1024 * 1024);
    close(false);
    expect(open('three').journal.open).toEqual(['last']);
  });

  test('is one process at a time; one that is gone has it no more', () => {
    const first = open('four');
    const other = open('four');
    expect(other.journal.key).not.toBe(first.journal.key);
    other.journal.begun(['kept apart']);
    other.close(true);
    first.close(true);
    const lock = join(directory, 'vopipe', 'copies', `${first.journal.key}.lock`);
    writeFileSync(lock, '999999999 1');
    const later = open('four');
    expect([later.journal.key, later.journal.open]).toEqual([first.journal.key, []]);
    later.close(true);
  });

  test('that nobody has gone on with for a month is removed with what it has left beside the target, by any other', () => {
    const left = ['five', 'six'].map((name) => {
      const { journal, close } = open(name);
      new Staging(directory, journal).fresh();
      journal.begun(['a']);
      close(false);
      return journal.key;
    });
    const [old = '', recent = ''] = left;
    const longAgo = Date.now() / 1000 - 31 * 24 * 3600;
    // The lock of a process that is gone says nothing of what lies beside it.
    const lock = fileOf(recent).replace(/jsonl$/, 'lock');
    writeFileSync(lock, '999999999 1');
    for (const file of [fileOf(old), lock]) utimesSync(file, longAgo, longAgo);
    open('seven').close(true);
    const has = (key: string): readonly boolean[] => [existsSync(fileOf(key)), existsSync(join(directory, `.vopipe-${key}.part`))];
    expect([has(old), has(recent)]).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
