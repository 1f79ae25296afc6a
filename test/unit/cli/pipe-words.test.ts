// Words of pipes and stages: options with units, names of chunks and of what is made of them, lines as they come.
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { chunkName, pathOfChunk, plainName } from '../../../src/cli/pipe/chunk-names.ts';
import { duration, optionText, rate } from '../../../src/cli/pipe/figures.ts';
import { linesOf } from '../../../src/cli/pipe/lines.ts';
import { secondsIn, sizeIn, timeIn } from '../../../src/cli/nodes/when.ts';
import { retentionIn } from '../../../src/cli/pipe/options.ts';
import { groupNameOf } from '../../../src/cli/stage/group.ts';
import { checkTemplate, outputName, safeName } from '../../../src/cli/stage/names.ts';
import { Tail } from '../../../src/cli/stage/tail.ts';

describe('options of pipes', () => {
  test.each([
    ['90s', 90],
    ['5min', 300],
    ['12h', 43_200],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['0s', undefined],
    ['7', undefined],
    ['1.5h', undefined],
  ])('read %s as so many seconds: %s', (text, seconds) => expect(secondsIn(text)).toBe(seconds));

  test.each([
    ['30', 30],
    ['5min', 300],
    ['5m', 300],
    ['2h', undefined],
    ['1', undefined],
    ['soon', undefined],
  ])('read %s as a time from 2 seconds to an hour: %s', (text, seconds) => expect(timeIn(text, 2, 3600)).toBe(seconds));

  test.each([
    ['retain', { kind: 'age', seconds: 129_600 }, 'retain 36h'],
    ['retain', { kind: 'bytes', bytes: 10 * 2 ** 30 }, 'retain 10.0 GiB'],
    ['retain', { kind: 'acked' }, 'retain acked'],
    ['maxDeliveries', 5, 'attempts 5'],
    ['order', 'ready', 'order ready'],
  ])('are shown as they are declared: %s %j', (name, value, text) => expect(optionText([name, value])).toBe(text));

  test.each([
    ['500', 500],
    ['500B', 500],
    ['1.5kB', 1500],
    ['20GiB', 20 * 2 ** 30],
    ['1 TiB', 2 ** 40],
    ['iB', undefined],
    ['3 iB', undefined],
    ['-1', undefined],
    ['0', undefined],
    ['10M', undefined],
    ['9999999PiB', undefined],
  ])('read %s as so many bytes: %s', (text, size) => expect(sizeIn(text)).toBe(size));

  test.each([
    ['acked', { kind: 'acked' }],
    ['forever', { kind: 'forever' }],
    ['7d', { kind: 'age', seconds: 604_800 }],
    ['10GiB', { kind: 'bytes', bytes: 10 * 2 ** 30 }],
    ['for ever', undefined],
  ])('read how long chunks are kept: %s', (text, retention) => expect(retentionIn(text)).toEqual(retention));
});

describe('names of outputs', () => {
  const of = { name: 'night%201/stars.fits.gz', seq: 7, group: 'cross' };
  test.each([
    ['{name}', 'night%201/stars.fits.gz'],
    ['{stem}.csv', 'night%201/stars.fits.csv'],
    ['{dir}{base}-{seq}{ext}', 'night%201/stars.fits-7.gz'],
    ['{group}/{seq}', 'cross/7'],
  ])('%s is %s', (template, name) => expect(outputName(template, of)).toBe(name));

  test('of files in a directory lie below, or where the template says', () => {
    expect(outputName('{stem}', { ...of, file: 'a b/ü.txt' })).toBe('night%201/stars.fits/a%20b/%C3%BC.txt');
    expect(outputName('{seq}-{file}', { ...of, file: 'x' })).toBe('7-x');
  });

  test('of a hidden file keep their dot', () => expect(outputName('{stem}|{ext}', { ...of, name: '.hidden' })).toBe('.hidden|'));
  test('are checked', () => expect(() => checkTemplate('stage', '{nmae}')).toThrow('{nmae} in a name stands for nothing'));

  test('as files mean nothing to a shell', () => {
    expect(safeName('a/%24(rm%20-rf%20~);%60x%60.fits')).toBe('__rm_-rf_____x_.fits');
    expect(safeName('%2F')).toBe('_');
    expect(['.', 'a/..'].map(safeName)).toEqual(['_', '__']);
  });
});

describe('names of chunks', () => {
  test('are escaped and shown', () => {
    expect(chunkName('night 1/50%.csv')).toBe('night%201/50%25.csv');
    expect(plainName('night%201/50%25.csv')).toBe('night 1/50%.csv');
  });

  test.each(['../x', 'a/../b', 'a//b', '%2e%2e/x', 'a%00b', 'a%5Cb'])('never lead out of a directory: %s', (name) =>
    expect(() => pathOfChunk('/tmp/d', name)).toThrow('is no name for a file'),
  );
  test('with a slash in them stay one name', () => expect(pathOfChunk('/tmp/d', 'a%2F..%2Fb/c')).toBe('/tmp/d/a%2F..%2Fb/c'));
});

describe('the group of a stage', () => {
  test.each([
    ['./cross-match.py {}', 'cross-match'],
    ['/usr/bin/gzip -c', 'gzip'],
    ['python3 -u bin/to_csv.py {} {out}', 'to_csv'],
    ['python3 other.py config.py', 'other'],
    ['-x', 'stage-x'],
    ['größe', 'gr--e'],
  ])('of %s is named after %s', (words, group) => {
    const named = groupNameOf(words.split(' '), 'some-pipe');
    expect(named).toMatch(new RegExp(`^${group}-[0-9a-f]{8}$`));
    expect(groupNameOf([...words.split(' '), '--more'], 'some-pipe')).toBe(named);
    expect(groupNameOf(words.split(' '), 'other-pipe')).not.toBe(named);
  });

  test('without an output is that of all its words', () => {
    expect(groupNameOf(['sh', '-c', 'cat {}'])).toBe(groupNameOf(['sh', '-c', 'cat {}']));
    expect(groupNameOf(['sh', '-c', 'cat {}'])).not.toBe(groupNameOf(['sh', '-c', 'wc {}']));
  });
});

test('the end of what a program said begins with a whole line where there is one', () => {
  const tail = new Tail();
  for (let i = 0; i < 1000; i++) tail.add(`line ${i}\n`);
  expect(tail.last(20)).toBe('line 998\nline 999');
});

test('lines come in the lists in which they were there', async () => {
  const lists: (readonly string[])[] = [];
  for await (const list of linesOf(Readable.from(['a\nb', 'c\r\n\n', Buffer.from('dé').subarray(0, 2), Buffer.from('dé').subarray(2)])))
    lists.push(list);
  expect(lists).toEqual([['a'], ['bc'], ['dé']]);
});

test('figures are short', () => {
  expect([duration(0.42), duration(75), duration(720), duration(90_000)]).toEqual(['0.4 s', '75 s', '12 min', '25 h']);
  expect([rate(0), rate(0.05), rate(12.34), rate(1234.5)]).toEqual(['0/s', '3.0/min', '12.3/s', '1235/s']);
});
