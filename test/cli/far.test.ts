// The commands of nodes at a VOSpace of another kind, which speaks XML and has only what the standard has.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFar } from './support/far.ts';
import { propertiesOf, put, statusOf } from './support/files.ts';
import { makePerson, start, type Ran } from './support/vopipe.ts';

const person = await makePerson();
const far = await startFar();
const { user, password, directory } = person;
const config = join(directory, 'far.json');
writeFileSync(config, JSON.stringify({ services: { [far.authority]: { url: far.url, user, password, codec: 'xml' } } }), { mode: 0o600 });
const home = `vos:/${user}`;
const run = (...args: readonly string[]): Promise<Ran> => start(args, directory, { HOME: directory, VOPIPE_CONFIG: config }).ended;

describe('at another kind of VOSpace', () => {
  test('containers are made, listed, drawn and sorted', async () => {
    expect((await run('mkdir', '-p', `${home}/a/b c`)).code).toBe(0);
    await put(person, ['a', 'small'], 'x');
    await put(person, ['a', 'large'], 'x'.repeat(3000));
    expect((await run('ls', `${home}/a`)).out).toBe('b c/\nlarge\nsmall\n');
    expect((await run('ls', '--sort', 'size', `${home}/a`)).out).toBe('large\nsmall\nb c/\n');
    expect((await run('ls', '-l', `${home}/a/l*`)).out).toMatch(/^-rw---- .* 2\.9 KiB .*large$/m);
    expect((await run('tree', `${home}/a`)).out).toContain('└── small');
    expect((await run('cat', `${home}/a/[s]*`)).out).toBe('x');
  });

  test('properties and access are set, also of trees, which are gone through', async () => {
    expect((await run('props', `${home}/a/small`, 'title=A <b> & c')).code).toBe(0);
    expect((await run('props', `${home}/a/small`, 'title')).out).toBe('A <b> & c\n');
    expect((await run('props', '-r', `${home}/a`, 'rights=open')).code).toBe(0);
    expect(await propertiesOf(person, 'a', 'b c')).toMatchObject({ rights: 'open' });
    expect((await run('chmod', '-r', 'public', `${home}/a`)).code).toBe(0);
    expect((await run('chmod', 'g+r', 'ivo://example.org/gms?g', `${home}/a`)).code).toBe(0);
    expect((await run('chmod', 'g+r', 'g', `${home}/a`)).code).toBe(2);
    expect(await propertiesOf(person, 'a')).toMatchObject({ publicread: 'true', groupread: 'ivo://example.org/gms?g' });
  });

  test('nodes are found and counted by going through the tree', async () => {
    const found = async (...args: readonly string[]): Promise<string> => (await run('find', `${home}/a`, ...args)).out;
    expect(await found('--size', '1K..')).toBe(`${home}/a/large\n`);
    expect(await found('-t', 'container')).toBe(`${home}/a/b c/\n`);
    expect(await found('-n', '?m*', '-p', 'title*=<b>', '--owner', user, '--date', '1d..')).toBe(`${home}/a/small\n`);
    expect((await run('du', '--json', `${home}/a`)).lines()).toMatchObject([{ bytes: 3001, nodes: 4 }]);
  });

  test('nodes are moved, linked, edited and deleted', async () => {
    expect((await run('mv', `${home}/a/small`, `${home}/a/b c`)).code).toBe(0);
    expect((await run('ln', `${home}/a/large`, `${home}/a/link`)).code).toBe(0);
    const environment = {
      HOME: directory,
      VOPIPE_CONFIG: config,
      PATH: process.env['PATH'] ?? '',
      EDITOR: `sed -i 's/^rights = .*/rights = mine/'`,
    };
    expect((await start(['edit', `${home}/a/link`, `${home}/a/b c`], directory, environment).ended).code).toBe(0);
    expect(await propertiesOf(person, 'a', 'b c')).toMatchObject({ rights: 'mine' });
    expect((await run('rm', '-r', `${home}/a/link`, `${home}/a`)).code).toBe(0);
    expect(await statusOf(person, 'a')).toBe(404);
  });

  test('what it has not is refused in words', async () => {
    const { code, err } = await run('share', home);
    expect(code).not.toBe(0);
    expect(err).toMatch(/^vopipe: /);
  });
});
