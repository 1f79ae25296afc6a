// mv from one VOSpace to another, whose services carry the bytes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startPair } from '../support/pair.ts';
import { commandsFor } from './support/sites.ts';

const [left, right] = await startPair();
const { directory, run, begin } = commandsFor([left, right]);
const client = new Client(left.service.base, left.service.admin);
const [from, to] = [`vos://${left.authority}/admin`, `vos://${right.authority}/admin`];
await run('mkdir', '-p', `${from}/tree/in`, `${to}/kept`);
const put = async (path: string, body: string): Promise<void> => {
  expect((await client.send('PUT', `/files/admin/${path}`, { body })).status).toBe(201);
};

describe('mv between two VOSpaces', () => {
  test('moves a tree with what is said of it, and deletes it only then', async () => {
    await put('tree/a%20b.txt', 'one');
    await put('tree/in/empty', '');
    await run('props', `${from}/tree/a%20b.txt`, 'title=A title', 'urn:example:x=1');
    await run('props', `${from}/tree`, 'description=All of it');
    const { code, err } = await run('mv', `${from}/tree`, `${to}/moved`);
    expect(code, err).toBe(0);
    expect((await run('find', `${to}/moved`)).out.split('\n').toSorted()).toEqual([
      '',
      `${to}/moved/a%20b.txt`,
      `${to}/moved/in/`,
      `${to}/moved/in/empty`,
    ]);
    expect((await run('cat', `${to}/moved/a%20b.txt`)).out).toBe('one');
    expect((await run('props', `${to}/moved/a%20b.txt`, 'title')).out).toBe('A title\n');
    expect((await run('props', `${to}/moved`, 'description')).out).toBe('All of it\n');
    expect((await run('ls', `${from}/tree`)).code).toBe(3);
  });

  test('goes on where it was ended, and replaces nothing else', async () => {
    await run('mkdir', `${from}/half`);
    await put('half/one', '1');
    await put('half/two', '2');
    expect((await run('cp', '-r', `${from}/half`, `${to}/half`)).code).toBe(0);
    expect((await run('mv', `${from}/half`, `${to}/half`)).code).toBe(0);
    expect((await run('ls', `${to}/half`)).out).toBe('one\ntwo\n');
    expect((await run('ls', `${from}/half`)).code).toBe(3);
    await put('other', 'mine');
    await run('cp', `${to}/half/one`, `${to}/other`);
    expect((await run('mv', `${from}/other`, `${to}/other`)).code).toBe(5);
    expect((await run('mv', `${from}/other`, `${to}/kept`)).code).toBe(0);
    expect((await run('cat', `${to}/kept/other`)).out).toBe('mine');
  });

  test('takes nothing for its own copy of which less is said, or where a link led to something else', async () => {
    await put('said', 'x');
    await run('props', `${from}/said`, 'title=Precious');
    await run('cp', `${from}/said`, `${to}/said`);
    expect((await run('mv', `${from}/said`, `${to}/said`)).code).toBe(5);
    expect((await run('props', `${from}/said`, 'title')).out).toBe('Precious\n');
    await run('props', `${to}/said`, 'title=Precious');
    expect((await run('mv', `${from}/said`, `${to}/said`)).code).toBe(0);
    await run('mkdir', `${from}/links`);
    for (const name of ['links/file', 'one', 'two']) await put(name, name.padEnd(10));
    await run('ln', `${from}/one`, `${from}/links/link`);
    for (const name of ['same', 'links']) expect((await run('cp', '-r', `${from}/links`, `${to}/${name}`)).code).toBe(0);
    await run('cp', '-r', `${from}/links`, `${from}/same`);
    expect((await run('mv', `${from}/same`, `${to}/same`)).code).toBe(0);
    expect((await run('ls', `${to}/same`)).out).toBe('file\nlink\n');
    // What is no copy of it is a container like any other.
    await run('ln', '-f', `${from}/two`, `${from}/links/link`);
    expect((await run('mv', `${from}/links`, `${to}/links`)).code).toBe(0);
    expect((await run('cat', `${to}/links/link`, `${to}/links/links/link`)).out).toBe('one       two       ');
  });

  test(
    'takes no other bytes of the same length for its own copy, also of files that were sent in parts',
    { timeout: 120_000 },
    async () => {
      for (const fill of [1, 2]) writeFileSync(join(directory, `${fill}.bin`), Buffer.alloc(32 * 1024 * 1024, fill));
      await run('cp', '1.bin', `${from}/large`);
      await run('cp', '2.bin', `${to}/large`);
      expect((await run('props', `${from}/large`)).out).toContain('md5-of-parts');
      expect((await run('mv', `${from}/large`, `${to}/large`)).code).toBe(5);
      expect((await run('cat', `${from}/large`)).bytes[0]).toBe(1);
      expect((await run('cat', `${to}/large`)).bytes[0]).toBe(2);
      // What an earlier try has brought is found again.
      await run('rm', `${to}/large`);
      await run('cp', `${from}/large`, `${to}/large`);
      const { code, err } = await run('mv', `${from}/large`, `${to}/large`);
      expect(code, err).toBe(0);
      expect((await run('cat', `${to}/large`)).bytes[0]).toBe(1);
      expect((await run('ls', `${from}/large`)).code).toBe(3);
    },
  );

  test('killed at any moment and given again has moved everything, once', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `n${String(i).padStart(2, '0')}`);
    await run('mkdir', `${from}/killed`);
    for (const name of names) await put(`killed/${name}`, name);
    for (const wait of [700, 1400, 2500]) {
      const running = begin('mv', `${from}/killed`, `${to}/killed`);
      await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, wait))]);
      running.process.kill('SIGKILL');
      await running.ended;
    }
    const { code } = await run('mv', `${from}/killed`, `${to}/killed`);
    // A run that was killed after its last request had done it all.
    expect([0, 3]).toContain(code);
    expect((await run('ls', `${to}/killed`)).out).toBe(names.map((name) => `${name}\n`).join(''));
    expect((await run('cat', `${to}/killed/n*`)).out).toBe(names.join(''));
    expect((await run('ls', `${from}/killed`)).code).toBe(3);
    expect((await run('ls', to)).out).not.toContain('.vopipe-mv');
  });

  test('keeps the source where not all of it can be copied', async () => {
    await run('mkdir', `${from}/stays`);
    await put('stays/good', 'x');
    await run('ln', 'https://127.0.0.1:9/nothing', `${from}/stays/broken`);
    const { code } = await run('mv', `${from}/stays`, `${to}/stays`);
    expect(code).not.toBe(0);
    expect((await run('ls', `${from}/stays`)).out).toBe('broken\ngood\n');
    expect((await run('ls', `${to}/stays`)).code).toBe(3);
  });
});
