// The Tab key: what the shells are told, and what real shells make of it.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { put } from './support/files.ts';
import { makePerson, PROGRAM, service } from './support/vopipe.ts';

const person = await makePerson();
const { home, user, run, directory } = person;
await run(['mkdir', '-p', `${home}/data/inner`]);
for (const name of ['one.fits', 'two words.fits', 'st*r.fits', 'x\u202ey']) await put(person, ['data', name]);

/** As it would be on the PATH. */
const bin = join(directory, 'bin');
mkdirSync(bin);
writeFileSync(join(bin, 'vopipe'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
chmodSync(join(bin, 'vopipe'), 0o755);
const environment = {
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  HOME: directory,
  VOPIPE_URL: service.base,
  VOPIPE_USER: user,
  VOPIPE_PASSWORD: person.password,
  TERM: 'xterm',
};

async function candidates(...words: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await run(['__complete', 'fish', ...words]);
  expect([code, err]).toEqual([0, '']);
  return out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

describe('completion', () => {
  test('knows commands, options and their values', async () => {
    expect(await candidates('l')).toEqual(expect.arrayContaining(['login', 'logout', 'ls', 'ln']));
    expect(await candidates('pipe', 'cr')).toEqual(['create']);
    expect(await candidates('ls', '--re')).toEqual(['--reverse']);
    expect(await candidates('ls', '--sort', '')).toEqual(['name', 'size', 'date']);
    expect(await candidates('ls', '--sort=d')).toEqual(['--sort=date']);
    expect(await candidates('completion', 'f')).toEqual(['fish']);
    expect(await candidates('props', home, 'titl')).toEqual(['title']);
  });

  test('knows names of nodes, written so that they mean what they say', async () => {
    expect(await candidates('cat', 'vo')).toEqual(['vos:/']);
    expect(await candidates('ls', `${home}/da`)).toEqual([`${home}/data/`]);
    const all = await candidates('cat', `${home}/data/`);
    expect(all).toEqual(['inner/', 'one.fits', String.raw`st\*r.fits`, 'two words.fits'].map((name) => `${home}/data/${name}`));
    expect((await run(['cat', all[2] ?? ''])).out).toBe('hello');
    expect(await candidates('cat', `vos://${service.authority}/${user}/data/two%20`)).toEqual([
      `vos://${service.authority}/${user}/data/two%20words.fits`,
    ]);
  });

  test('offers files of this computer beside nodes where both may stand, and leaves those of flows to the shell', async () => {
    expect(await candidates('cp', '')).toEqual(expect.arrayContaining(['bin/', 'vos:/']));
    expect(await candidates('cp', 'vo')).toEqual(['vos:/']);
    expect(await candidates('ls', '')).toEqual(['vos:/']);
    expect(await candidates('flow', 'up', '')).toEqual([]);
  });

  test('is silent where it cannot know', async () => {
    expect(await candidates('nonsense', '')).toEqual([]);
    expect(await candidates('ls', `${home}/nowhere/`)).toEqual([]);
    expect(await candidates('ls', 'vos:/*/')).toEqual([]);
    const { code, out } = await person.begin(['__complete', 'fish', 'ls', 'vos:/'], { VOPIPE_URL: 'http://127.0.0.1:9/vos' }).ended;
    expect([code, out]).toEqual([0, '']);
  });
});

/** What an interactive shell, at a terminal of its own, makes of keys; ends when its output has the words. */
async function typed(shell: readonly string[], keys: readonly string[], words: string): Promise<string> {
  const command = shell.map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: directory, env: environment });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
  for (const [i, key] of keys.entries()) {
    child.stdin.write(key);
    if (i === 0) await expect.poll(() => seen, { timeout: 20_000 }).toContain('ready$');
  }
  try {
    await expect.poll(() => seen, { timeout: 20_000 }).toContain(words);
  } finally {
    child.kill('SIGKILL');
  }
  return seen;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('in a shell', () => {
  test('bash completes nodes with spaces and stars in their names, and the command then works', async () => {
    const rc = join(directory, 'bashrc');
    writeFileSync(rc, `eval "$(vopipe completion bash)"\nbind 'set bell-style none'\nPS1='read''y$ '\n`);
    await typed(['bash', '--rcfile', rc, '-i'], ['\r', `vopipe cat ${home}/data/tw\t\r`], 'hello');
    await typed(['bash', '--rcfile', rc, '-i'], ['\r', `vopipe cat ${home}/data/st\t\r`], 'hello');
    await typed(['bash', '--rcfile', rc, '-i'], ['\r', `vopipe cat "${home}/data/on\t\r`], 'hello');
    await typed(['bash', '--rcfile', rc, '-i'], ['\r', 'vopipe comp\tba\t| head -n 1\r'], '# vopipe in bash');
  });

  test.skipIf(!has('zsh'))('zsh does', async () => {
    writeFileSync(join(directory, '.zshrc'), `autoload -Uz compinit; compinit -u\neval "$(vopipe completion zsh)"\nPS1='read''y$ '\n`);
    await typed(['zsh', '-i'], ['\r', `vopipe cat ${home}/data/tw\t\r`], 'hello');
    await typed(['zsh', '-i'], ['\r', `vopipe cat ${home}/data/st\t\r`], 'hello');
  });

  test.skipIf(!has('fish'))('fish does', async () => {
    mkdirSync(join(directory, '.config', 'fish'), { recursive: true });
    const config = 'vopipe completion fish | source\nfunction fish_prompt; echo -n "read""y\\$ "; end\nset fish_greeting\n';
    writeFileSync(join(directory, '.config', 'fish', 'config.fish'), config);
    const offered = spawnSync('fish', ['-c', `complete -C 'vopipe cat ${home}/data/'`], { env: environment, encoding: 'utf8' }).stdout;
    expect(offered).toContain('two words.fits');
    expect(spawnSync('fish', ['-c', "complete -C 'vopipe completion z'"], { env: environment, encoding: 'utf8' }).stdout).toContain('zsh');
  });
});
