// Lines of a backup that name what the service is not to reach are refused, with the member that is wrong.
import { expect, test } from 'vitest';
import { parseBackupLine } from '../../../src/service/operator/backup-line.ts';

const node = (key: string): string =>
  JSON.stringify({
    kind: 'node',
    path: '/n',
    id: 2,
    parent: 1,
    name: 'n',
    type: 'DataNode',
    owner: 'ada',
    created: 1,
    dataChanged: 1,
    changed: 1,
    object: { key, size: 1, generation: 1 },
  });
const adoption = (container: string): string => JSON.stringify({ kind: 'adoption', container, space: '', owned: false });

test('an adopted object lies in a container that is not of the service, under one text', () => {
  expect(parseBackupLine(node('adopted:Space1:archive:a%2Fb'))).toMatchObject({ object: { key: 'adopted:Space1:archive:a%2Fb' } });
  expect(parseBackupLine(node('o/abc'))).toMatchObject({ object: { key: 'o/abc' } });
  for (const key of [
    'adopted:Space1:vos-Space2:o%2Fabc',
    'adopted:Space1:..:x',
    'adopted:Space1:%:x',
    'adopted:Space1:c:n:more',
    'adopted:',
  ])
    expect(() => parseBackupLine(node(key)), key).toThrow(/^InvalidArgument/);
});

test('an adopted container is not one of the service', () => {
  expect(parseBackupLine(adoption('archive'))).toMatchObject({ container: 'archive' });
  for (const name of ['vos-Space2', '', '..', 'a/b', 'x'.repeat(257)])
    expect(() => parseBackupLine(adoption(name)), name).toThrow(/^InvalidArgument/);
});
