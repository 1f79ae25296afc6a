// The commands of nodes at a VOSpace of another kind, which speaks XML and has only what the standard has.
import { describe, expect, test } from 'vitest';
import { startFar } from './support/far.ts';
import { propertiesOf, put, statusOf } from './support/files.ts';
import { commandsWith } from './support/sites.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { user, password, directory } = person;
const { url, authority } = await startFar();
const home = `vos:/${user}`;
const config = { services: { [authority]: { url, user, password, codec: 'xml' } } };
const { run } = commandsWith(directory, config, { EDITOR: `sed -i 's/^rights = .*/rights = mine/'` });

/** A container with two files and a container in it. */
async function makeNodes(name: string): Promise<string> {
  expect((await run('mkdir', '-p', `${home}/${name}/b c`)).code).toBe(0);
  await put(person, [name, 'small'], 'x');
  await put(person, [name, 'large'], 'x'.repeat(3000));
  return `${home}/${name}`;
}

describe('at another kind of VOSpace', () => {
  test('containers are made, listed, drawn and sorted', async () => {
    const a = await makeNodes('listed');
    expect((await run('ls', a)).out).toBe('b c/\nlarge\nsmall\n');
    expect((await run('ls', '--sort', 'size', a)).out).toBe('large\nsmall\nb c/\n');
    expect((await run('ls', '-l', `${a}/l*`)).out).toMatch(/^-rw---- .* 2\.9 KiB .*large$/m);
    expect((await run('tree', a)).out).toContain('└── small');
    expect((await run('cat', `${a}/[s]*`)).out).toBe('x');
  });

  test('properties and access are set, also of trees, which are gone through', async () => {
    const a = await makeNodes('set');
    expect((await run('props', `${a}/small`, 'title=A <b> & c')).code).toBe(0);
    expect((await run('props', `${a}/small`, 'title')).out).toBe('A <b> & c\n');
    expect((await run('props', '-r', a, 'rights=open')).code).toBe(0);
    expect(await propertiesOf(person, 'set', 'b c')).toMatchObject({ rights: 'open' });
    expect((await run('chmod', '-r', 'public', a)).code).toBe(0);
    expect((await run('chmod', 'g+r', 'ivo://example.org/gms?g', a)).code).toBe(0);
    expect((await run('chmod', 'g+r', 'g', a)).code).toBe(2);
    expect(await propertiesOf(person, 'set')).toMatchObject({ publicread: 'true', groupread: 'ivo://example.org/gms?g' });
  });

  test('nodes are found and counted by going through the tree', async () => {
    const a = await makeNodes('found');
    await run('props', `${a}/small`, 'title=A <b> & c');
    const found = async (...args: readonly string[]): Promise<string> => (await run('find', a, ...args)).out;
    expect(await found('--size', '1K..')).toBe(`${a}/large\n`);
    expect(await found('-t', 'container')).toBe(`${a}/b c/\n`);
    expect(await found('-n', '?m*', '-p', 'title*=<b>', '--owner', user, '--date', '1d..')).toBe(`${a}/small\n`);
    expect((await run('du', '--json', a)).lines()).toMatchObject([{ bytes: 3001, nodes: 4 }]);
  });

  test('nodes are moved, linked, edited and deleted', async () => {
    const a = await makeNodes('moved');
    await run('props', `${a}/b c`, `${a}/large`, 'rights=open');
    expect((await run('mv', `${a}/small`, `${a}/b c`)).code).toBe(0);
    expect((await run('ln', `${a}/large`, `${a}/link`)).code).toBe(0);
    expect((await run('edit', `${a}/link`, `${a}/b c`)).code).toBe(0);
    expect(await propertiesOf(person, 'moved', 'b c')).toMatchObject({ rights: 'mine' });
    expect(await run('rm', '-r', `${a}/link`, a)).toMatchObject({ code: 0, err: '' });
    expect(await statusOf(person, 'moved')).toBe(404);
  });

  test('what it has not is refused in words', async () => {
    const { code, err } = await run('share', home);
    expect(code).not.toBe(0);
    expect(err).toMatch(/^vopipe: /);
  });
});
