// What differs at a terminal: names side by side, questions, colours.
import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { put, statusOf } from './support/files.ts';
import { makePerson, PROGRAM, service } from './support/vopipe.ts';

const person = await makePerson();
const { home, run, user, password, directory } = person;
await run(['mkdir', '-p', `${home}/tree/in`]);
await put(person, ['tree', 'a']);
await put(person, ['tree', 'b']);

/** A command at a terminal; `answers` are typed when the words have been seen. */
async function atTerminal(args: readonly string[], answers: readonly (readonly [words: string, keys: string])[] = []) {
  const quoted = [process.execPath, PROGRAM, ...args].map((arg) => `'${arg}'`).join(' ');
  return inShell(quoted, answers);
}

async function inShell(line: string, answers: readonly (readonly [words: string, keys: string])[] = []) {
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    VOPIPE_URL: service.base,
    VOPIPE_USER: user,
    VOPIPE_PASSWORD: password,
    TERM: 'xterm',
  };
  const child = spawn('script', ['-qec', `stty cols 60; ${line}`, '/dev/null'], { env });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const [words, keys] of answers) {
    await expect.poll(() => seen, { timeout: 20_000 }).toContain(words);
    child.stdin.write(keys);
  }
  return { code: await ended, seen };
}

describe('at a terminal', () => {
  test('names stand side by side, and containers are coloured', async () => {
    const { code, seen } = await atTerminal(['ls', `${home}/tree`]);
    expect(code).toBe(0);
    expect(seen).toContain('a    b    \u001b[1;34min/\u001b[0m\r\n');
  });

  test('names that have no bytes yet are told from others', async () => {
    const [found] = (await run(['ls', '-d', '--json', `${home}/tree`])).lines<{ readonly uri: string }>();
    const begun = await person.client.post(
      '/uploads',
      JSON.stringify({ items: [{ uri: `${found?.uri}/in/late`, length: 3 }] }),
      'application/json',
    );
    expect(begun.status, begun.text).toBe(200);
    expect((await atTerminal(['ls', `${home}/tree/in`])).seen).toContain('late (being written)');
    expect((await run(['ls', `${home}/tree/in`])).out).toBe('late\n');
  });

  test('a tree is deleted only where that is confirmed', async () => {
    const no = await atTerminal(['rm', '-r', `${home}/tree`], [['everything in it? [y/N]', 'n\r']]);
    expect([no.code, await statusOf(person, 'tree')]).toEqual([130, 200]);
    const yes = await atTerminal(['rm', '-r', `${home}/tree`], [['everything in it? [y/N]', 'y\r']]);
    expect([yes.code, await statusOf(person, 'tree')]).toEqual([0, 404]);
  });

  test('how far something has come is drawn, and not by a job in the background over what another shows', async () => {
    const line = `${process.execPath} ${PROGRAM} du ${home}`;
    const drawn = 'counting vos:';
    expect((await inShell(line)).seen).toContain(drawn);
    const behind = await inShell(`set -m; ${line} & wait`);
    expect(behind.seen).toContain(home);
    expect(behind.seen).not.toContain(drawn);
  });
});
