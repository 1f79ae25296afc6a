// props, edit, chmod, share, find and du.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { propertiesOf, put } from './support/files.ts';
import { makePerson, service, type Ran } from './support/vopipe.ts';

const person = await makePerson();
const other = await makePerson();
const { home, run } = person;
const group = `g-${person.user}`;
await person.client.post('/groups', JSON.stringify({ name: group, members: [other.user] }), 'application/json');

/** A container with a file, and another one with a file in it. */
async function makeNodes(name: string): Promise<string> {
  await run(['mkdir', '-p', `${home}/${name}/in`]);
  await put(person, [name, 'a.txt'], 'a'.repeat(2000));
  await put(person, [name, 'in', 'b\u202e.txt'], 'bb');
  return `${home}/${name}`;
}

/** A file with a title. */
async function makeFile(name: string): Promise<string> {
  await put(person, [name]);
  await run(['props', `${home}/${name}`, 'title=Old']);
  return `${home}/${name}`;
}

describe('props', () => {
  test('sets, shows and deletes properties by short names and URIs', async () => {
    await put(person, ['p']);
    expect((await run(['props', `${home}/p`, 'Title=A  b', 'urn:example:x=1=2', '<urn:q?a=b>=3', 'quality=good'])).code).toBe(0);
    expect(await run(['props', `${home}/p`, 'title'])).toMatchObject({ code: 0, out: 'A  b\n' });
    const { lines } = await run(['props', '--json', `${home}/p`]);
    expect(lines<{ properties: object }>()[0]?.properties).toMatchObject({ 'urn:example:x': '1=2', 'urn:q?a=b': '3', quality: 'good' });
    await run(['props', `${home}/p`, '-d', 'quality', '-d', 'title']);
    const { out } = await run(['props', `${home}/p`]);
    expect(out).toMatch(/^length +- +5$/m);
    expect(out).not.toMatch(/^(title|quality)/m);
    expect((await run(['props', `${home}/p`, 'title'])).code).toBe(3);
    expect((await run(['props', `${home}/p`, '<urn:q?a=b>'])).out).toBe('3\n');
    const [one] = (await run(['props', '--json', `${home}/p`, '<urn:q?a=b>'])).lines<{ properties: object }>();
    expect(one?.properties).toEqual({ 'urn:q?a=b': '3' });
    expect((await run(['props', `${home}/p`, '-d', '<urn:q?a=b>', '-d', 'titel'])).err).toContain('did you mean title?');
    expect((await run(['props', '--json', `${home}/p`, '<urn:q?a=b>'])).code).toBe(3);
  });

  test('of a tree are set for all below it', async () => {
    const tree = await makeNodes('set');
    const { code, lines } = await run(['props', '-r', '--json', tree, 'rights=open']);
    expect([code, lines<{ nodes: number }>()[0]?.nodes]).toEqual([0, 4]);
    expect(await propertiesOf(person, 'set', 'in', 'b\u202e.txt')).toMatchObject({ rights: 'open' });
  });

  test('that cannot be set are refused with the reason', async () => {
    const file = await makeFile('refused');
    const { code, err } = await run(['props', file, 'length=1']);
    expect([code, err]).toEqual([4, expect.stringContaining('read-only')]);
    expect((await run(['props', file, 'titel=x'])).err).toContain('did you mean title?');
    expect((await run(['props', file, 'title', 'urn:x=1'])).code).toBe(2);
    expect((await run(['props', 'title=1'])).code).toBe(2);
    expect((await run(['props', file, 'a b=1'])).code).toBe(2);
  });
});

describe('edit', () => {
  /** Runs it with a shell script for an editor, which has the file as $1. */
  const edit = async (script: string, ...args: readonly string[]): Promise<Ran> => {
    const editor = join(person.directory, 'my editor');
    writeFileSync(editor, `#!/bin/sh\nset -e\n${script}\n`);
    chmodSync(editor, 0o755);
    return person.begin(['edit', ...args], { EDITOR: `"${editor}"`, TMPDIR: person.directory }).ended;
  };

  test('sends what was changed, added and taken out, and nothing else', async () => {
    const file = await makeFile('changed');
    await run(['props', file, 'urn:gone=1', 'urn:stays=2']);
    const script = String.raw`cp "$1" seen; sed -i -e '/^urn:gone/d' -e 's/^title = .*/title = New\n  line/' "$1"; echo 'urn:more = 3' >> "$1"`;
    const { code, lines } = await edit(script, '--json', file);
    expect([code, lines<{ properties: object }>()[0]?.properties]).toMatchObject([0, { 'urn:more': '3' }]);
    expect(readFileSync(join(person.directory, 'seen'), 'utf8')).toMatch(/^#\s+length = 5$/m);
    const properties = await propertiesOf(person, 'changed');
    expect(properties).toMatchObject({ title: 'New\nline', 'urn:stays': '2' });
    expect(properties).not.toHaveProperty('urn:gone');
  });

  /** An error that names a file with these words. */
  const keeps = (words: string): string =>
    expect.toSatisfy((err: string) =>
      readFileSync(/what you have written is in (.*)$/m.exec(err)?.[1] ?? '/dev/null', 'utf8').includes(words),
    ) as string;

  test('changes nothing where nothing was changed, where all was taken out, and where the editor fails', async () => {
    const file = await makeFile('same');
    const before = await propertiesOf(person, 'same');
    expect(await edit('true', file)).toMatchObject({ code: 0, err: expect.stringContaining('nothing was changed') as string });
    expect((await edit(': > "$1"', file)).code).toBe(0);
    expect(await edit('exit 1', file)).toMatchObject({ code: 1, err: expect.not.stringContaining('written') as string });
    expect(await edit(`sed -i 's/Old/Other/' "$1"; exit 1`, file)).toMatchObject({ code: 1, err: keeps('Other') });
    expect(await propertiesOf(person, 'same')).toEqual(before);
  });

  test('shows what is wrong again, with the reason, until it is right', async () => {
    const file = await makeFile('wrong');
    const script = String.raw`if grep -q '^# ! line .*publicread.*perhaps' "$1"; then sed -i 's/^publicread.*/publicread = true/' "$1"
      else sed -i 's/^publicread.*/publicread = perhaps/' "$1"; fi`;
    expect((await edit(script, file)).code).toBe(0);
    expect(await propertiesOf(person, 'wrong')).toMatchObject({ publicread: 'true' });
    const stubborn = await edit(String.raw`grep -q '^nonsense' "$1" || echo nonsense >> "$1"`, file);
    expect([stubborn.code, stubborn.err]).toEqual([2, expect.stringContaining('NAME = VALUE')]);
  });

  test('asks nobody twice who writes the same again, and starts no editor where nobody can use it', async () => {
    const file = await makeFile('garbage');
    const always = await edit('echo garbage > "$1"', file);
    expect([always.code, always.err]).toEqual([2, expect.stringContaining('line 1: this is not NAME = VALUE')]);
    expect(always.err).toEqual(keeps('garbage'));
    const grows = await edit('echo x >> count; sed -i "1i garbage" "$1"', file);
    expect([grows.code, readFileSync(join(person.directory, 'count'), 'utf8')]).toEqual([2, 'x\n'.repeat(5)]);
    expect(await run(['edit', file])).toMatchObject({ code: 2, err: expect.stringContaining('no terminal') as string });
  });

  test('leaves what others set at the same time', async () => {
    await put(person, ['shared']);
    const vopipe = join(import.meta.dirname, '../../scripts/vopipe.mjs');
    const script = `"${process.execPath}" ${vopipe} props ${home}/shared urn:theirs=1; echo 'urn:mine = 2' >> "$1"`;
    expect((await edit(script, `${home}/shared`)).code).toBe(0);
    expect(await propertiesOf(person, 'shared')).toMatchObject({ 'urn:theirs': '1', 'urn:mine': '2' });
  });

  test('notices that somebody else was quicker, and keeps what was written', async () => {
    const file = await makeFile('quicker');
    const quicker = `"${process.execPath}" "$VOPIPE" props ${file} title=Theirs; sed -i 's/^title = .*/title = Mine/' "$1"`;
    writeFileSync(join(person.directory, 'editor'), `#!/bin/sh\n${quicker}\n`);
    chmodSync(join(person.directory, 'editor'), 0o755);
    const environment = {
      TMPDIR: person.directory,
      VISUAL: join(person.directory, 'editor'),
      VOPIPE: join(import.meta.dirname, '../../scripts/vopipe.mjs'),
    };
    const { code, err } = await person.begin(['edit', file], environment).ended;
    expect([code, err]).toEqual([5, expect.stringContaining('title')]);
    expect(err).toEqual(keeps('title = Mine'));
    expect(await propertiesOf(person, 'quicker')).toMatchObject({ title: expect.stringMatching(/^Theirs/) as string });
  });
});

describe('chmod', () => {
  test('makes public and private, a tree as well', async () => {
    const tree = await makeNodes('public');
    expect((await run(['chmod', '-r', 'public', tree])).code).toBe(0);
    expect((await run(['ls', '-l', tree])).out.split('\n')[0]).toMatch(/^-rw--r- /);
    await run(['chmod', 'o-r', `${tree}/a.txt`]);
    expect(await propertiesOf(person, 'public', 'a.txt')).toMatchObject({ publicread: 'false' });
  });

  test('lets groups read, who then can', async () => {
    const tree = await makeNodes('grouped');
    expect((await other.run(['cat', `${tree}/a.txt`])).code).toBe(4);
    expect((await run(['chmod', 'g+r', group, home, tree, `${tree}/a.txt`])).code).toBe(0);
    expect((await other.run(['cat', `${tree}/a.txt`])).out).toHaveLength(2000);
    expect((await run(['chmod', '-r', 'g+w', 'ivo://example.org/gms?more', tree])).code).toBe(0);
    const { groupread, groupwrite } = await propertiesOf(person, 'grouped');
    expect([groupread, groupwrite]).toEqual([expect.stringContaining(`?${group}`), 'ivo://example.org/gms?more']);
    await run(['chmod', 'g-rw', `${tree}/a.txt`]);
    expect((await other.run(['cat', `${tree}/a.txt`])).code).toBe(4);
  });

  test('lets no group read that there is not, unless by its URI', async () => {
    const tree = await makeNodes('ungrouped');
    await run(['chmod', 'g+r', group, tree]);
    const { code, err } = await run(['chmod', 'g+r', other.user, tree]);
    expect([code, err]).toEqual([3, expect.stringContaining(`there is no group ${other.user}`)]);
    const before = (await propertiesOf(person, 'ungrouped'))['groupread'];
    expect(before).not.toContain(other.user);
    expect((await run(['chmod', 'g-r', other.user, tree])).code).toBe(0);
    const uri = `ivo://${service.authority}/gms?${other.user}`;
    expect((await run(['chmod', 'g+r', uri, tree])).code).toBe(0);
    expect((await propertiesOf(person, 'ungrouped'))['groupread']).toBe(`${before} ${uri}`);
  });

  test('of several at the same time is that of all', async () => {
    await put(person, ['both']);
    const groups = ['a', 'b', 'c', 'd'].map((name) => `ivo://example.org/gms?${name}`);
    const ran = await Promise.all(groups.map((group) => run(['chmod', 'g+r', group, `${home}/both`])));
    expect(ran.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0, 0, 0]);
    expect((await propertiesOf(person, 'both'))['groupread']?.split(' ').toSorted()).toEqual(groups);
  });

  test('says which containers above have to be opened, too', async () => {
    await run(['mkdir', '-p', `${home}/closed/in`]);
    const { code, err } = await run(['chmod', 'public', `${home}/closed/in`]);
    expect([code, err]).toEqual([0, expect.stringContaining(`vopipe chmod public ${home}/closed\n`)]);
    expect((await run(['chmod', 'g+r', group, `${home}/closed/in`])).err).toContain(`chmod g+r ${group} ${home}/closed\n`);
    expect((await run(['chmod', 'public', home, `${home}/closed`, `${home}/closed/in`])).err).toBe('');
  });

  test('is the owner’s, and says what it does not understand', async () => {
    const file = await makeFile('own');
    expect((await other.run(['chmod', 'private', file])).code).toBe(4);
    expect((await run(['chmod', 'wide-open', file])).code).toBe(2);
  });
});

describe('share', () => {
  test('writes a URL once, lists and revokes it', async () => {
    const file = await makeFile('lent');
    const { code, out, err } = await run(['share', '--until', '2d', file]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^http\S+\n$/)]);
    const anybody = new Client(service.base);
    expect((await anybody.get(out.trim())).status).toBe(303);
    const listed = await run(['share', '--list', '--json']);
    const [{ id, expires } = { id: '', expires: '' }] = listed.lines<{ id: string; expires: string }>();
    expect(listed.out).not.toContain('http');
    expect(Math.abs(Date.parse(expires) - Date.now() - 2 * 86_400_000)).toBeLessThan(600_000);
    expect(err).toContain(`--revoke ${id}`);
    expect((await run(['share', '--revoke', id])).code).toBe(0);
    expect((await anybody.get(out.trim())).status).toBe(404);
    expect((await run(['share', '--revoke', id])).code).toBe(3);
    expect((await run(['share', '--until', 'whenever', file])).code).toBe(2);
  });
});

describe('find', () => {
  test('finds by name, type, size, date and properties, in names that can be arguments again', async () => {
    const tree = await makeNodes('found');
    await put(person, ['found', 'st*r'], 'x');
    await run(['props', String.raw`${tree}/st\*r`, 'title=The star of stars', 'urn:example:band=V']);
    const found = async (...args: readonly string[]): Promise<readonly string[]> =>
      (await run(['find', tree, ...args])).out.split('\n').filter((line) => line !== '');
    expect(await found('--name', '*.txt')).toEqual([`${tree}/a.txt`, String.raw`${tree}/in/b\u{202e}.txt`]);
    expect(await found('--iname', 'A*')).toEqual([`${tree}/a.txt`]);
    expect(await found('-t', 'container')).toEqual([`${tree}/in/`]);
    expect(await found('--size', '1.5K..')).toEqual([`${tree}/a.txt`]);
    expect(await found('--date', '..2001-01-01')).toEqual([]);
    const [star = ''] = await found('-p', 'title*=star', '-p', 'urn:example:band=V', '--date', '1d..');
    expect(star).toBe(String.raw`${tree}/st\*r`);
    expect((await run(['cat', star])).out).toBe('x');
    expect((await run(['find', tree, '-0', '-n', 'b*'])).out).toBe(`${tree}/in/b\u202e.txt\0`);
    expect((await run(['find', tree, '--size', 'big'])).code).toBe(2);
    expect((await run(['find', `${home}/nowhere`])).code).toBe(3);
  });
});

describe('du', () => {
  test('counts trees, and their children', async () => {
    const tree = await makeNodes('counted');
    await put(person, ['counted', 'st*r'], 'x');
    const { lines } = await run(['du', '--json', tree]);
    expect(lines()).toMatchObject([{ bytes: 2003, nodes: 5 }]);
    const { out } = await run(['du', '-c', '-b', tree]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    ).toEqual([
      ['2000', '1', `${tree}/a.txt`],
      ['2', '2', `${tree}/in`],
      ['1', '1', `${tree}/st*r`],
      ['2003', '5', tree],
    ]);
  });
});
