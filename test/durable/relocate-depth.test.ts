// The limit of a path is that of copies and moves, too: no node comes to lie where no URI leads.
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeStore } from './support/fake-store.ts';
import { copy, mount, type Mounted, move } from './support/relocating.ts';
import { ADMIN, words } from './support/space.ts';

const NAME = 'n'.repeat(250);
let a: Mounted;
let b: Mounted;

beforeEach(async () => {
  const store = new FakeStore();
  a = await mount(store);
  b = await mount(store);
});

/** Containers below one another, so many of 251 bytes each; the last one's path. */
async function chain(space: Mounted, head: string, depth: number): Promise<string> {
  await space.make(head, 'ContainerNode');
  let path = head;
  for (let i = 0; i < depth; i++) await space.make((path += `/${NAME}`), 'ContainerNode');
  return path;
}
const fails = async (work: Promise<unknown>): Promise<void> =>
  expect(await words(work)).toMatch(/^InvalidArgument .*a path would have more than 4096 bytes/);
const isThere = async (space: Mounted, path: string): Promise<boolean> => (await words(space.get(path))) === 'none';

describe.each([
  ['a move', move],
  ['a copy', copy],
] as const)('%s', (_, run) => {
  it('is refused where what is below would have too long a path, and nothing of it is seen', async () => {
    const last = await chain(a, 'deep', 12);
    for (const to of [a, b]) {
      await chain(to, 'place', 6);
      await fails(run(`${a.name}/deep`, `${to.name}/${['place', ...Array<string>(6).fill(NAME)].join('/')}/x`));
      await fails(run(`${a.name}/deep`, `${to.name}/${['place', ...Array<string>(6).fill(NAME)].join('/')}`));
    }
    expect(await isThere(a, last)).toBe(true);
  });

  it('goes as deep as a path may be, also by the bytes of a file, and not a byte deeper', async () => {
    const last = await chain(a, 'deep', 14);
    const left = 4096 - `${a.name}/${last.replace('deep', 'dddd')}/`.length - 4;
    await a.make(`${last}/${'ä'.repeat(left / 2)}${'x'.repeat(left % 2)}`);
    await fails(run(`${a.name}/deep`, `${b.name}/${'d'.repeat(9)}`));
    await fails(run(`${a.name}/deep`, `${a.name}/${'d'.repeat(9)}`));
    expect(await run(`${a.name}/deep`, `${a.name}/${'d'.repeat(8)}`)).toBe(`/${a.name}/dddddddd`);
  });
});

it('gives a top-level container no name by which something in it could not be named', async () => {
  const last = await chain(a, 'deep', 15);
  await a.make(`${last}/${'x'.repeat(250)}`);
  await fails(move(a.name, 'y'.repeat(200), ADMIN));
  expect(await isThere(a, last)).toBe(true);
});
