// The listing of a tree for an archive: whole, at one moment, and within what a call may answer.
import { expect, it } from 'vitest';
import { newSpace, refused } from './support/space.ts';

/** Nodes put in behind the Space's back: as many as no test could make one by one. */
async function fill(count: number, name: string): Promise<Awaited<ReturnType<typeof newSpace>>> {
  const space = await newSpace();
  await space.rows(
    `INSERT INTO node (parent, name, type, access, created, data_changed, changed)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT 1, printf('%07d${name}', i), 'DataNode', (SELECT access FROM node WHERE id = 1), 0, 0, 0 FROM n`,
  );
  return space;
}

it('has 100,000 nodes, and refuses one more than it may have', async () => {
  const space = await fill(99_999, '-a-name-of-usual-length.fits');
  const tree = await space.port.tree(space.call(''), 100_000);
  expect(tree.kind === 'tree' && tree.entries.length).toBe(100_000);
  expect(await refused(space.port.tree(space.call(''), 99_999))).toBe('RequestEntityTooLarge');
});

it('refuses names that together are more than a call may answer', async () => {
  const space = await fill(90_000, 'é–'.repeat(80));
  expect(await refused(space.port.tree(space.call(''), 100_000))).toBe('RequestEntityTooLarge');
});

it('goes as deep as a path can', async () => {
  const space = await newSpace();
  await space.rows(
    `INSERT INTO node (id, parent, name, type, access, created, data_changed, changed)
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    SELECT i, i - 1, 'd', 'ContainerNode', (SELECT access FROM node WHERE id = 1), 0, 0, 0 FROM n`,
  );
  const tree = await space.port.tree(space.call(''), 10_000);
  expect(tree.kind === 'tree' && tree.entries.at(-1)?.path.length).toBe(2 * 1999 - 1);
});
