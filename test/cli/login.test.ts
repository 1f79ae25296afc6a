// login and logout, .netrc, and VOSpaces that the environment names.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startFar } from './support/far.ts';
import { put } from './support/files.ts';
import { makePerson, PROGRAM, service, start, type Ran } from './support/vopipe.ts';

const person = await makePerson();
await put(person, ['file'], 'mine');
const { user, password, client } = person;

const homes = mkdtempSync(join(tmpdir(), 'vopipe-home-'));
afterAll(() => rmSync(homes, { recursive: true, force: true }));

/** A home of its own, in which nothing is known. */
function makeHome() {
  const home = mkdtempSync(join(homes, 'home-'));
  const config = join(home, '.config', 'vopipe', 'config.json');
  const run = (args: readonly string[], input = '', more: Readonly<Record<string, string>> = {}): Promise<Ran> => {
    const running = start(args, home, { HOME: home, ...more });
    running.process.stdin?.on('error', () => undefined).end(input);
    return running.ended;
  };
  const read = () => JSON.parse(readFileSync(config, 'utf8')) as { default: string; services: Record<string, Record<string, string>> };
  return { home, config, run, read };
}

async function passwordCount(): Promise<number> {
  const { text } = await client.get('/me/passwords');
  return (JSON.parse(text) as { passwords: readonly unknown[] }).passwords.length;
}

describe('login', () => {
  test('keeps a password of this computer’s own, which logout revokes', async () => {
    const { run, read, config } = makeHome();
    const before = await passwordCount();
    const { code, err } = await run(['login', '--user', user, '--password-stdin', service.base], `${password}\n`);
    expect([code, err]).toEqual([0, expect.stringContaining(`signed in as ${user}`)]);
    const { default: chosen, services } = read();
    expect(services[chosen]).toMatchObject({ url: service.base, user });
    expect(JSON.stringify(services)).not.toContain(password);
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(await passwordCount()).toBe(before + 1);
    expect((await run(['cat', `vos:/${user}/file`])).out).toBe('mine');
    expect((await run(['cat', `vos://${chosen}/${user}/file`])).out).toBe('mine');
    expect((await run(['login', '-u', user, '--password-stdin', `${service.base}/`], password)).code).toBe(0);
    expect(await passwordCount()).toBe(before + 1);
    const kept = services[chosen]?.['password'] ?? '';
    expect((await run(['logout'])).code).toBe(0);
    expect(await passwordCount()).toBe(before);
    expect(readFileSync(config, 'utf8')).not.toContain(kept);
    expect((await run(['ls'])).code).toBe(2);
  });

  test('may be of two users of one VOSpace, each under a name', async () => {
    const other = await makePerson();
    const { run, home } = makeHome();
    expect((await run(['login', '-u', user, '--password-stdin', service.base], password)).code).toBe(0);
    const second = await run(['login', '-u', other.user, '--as', 'second', '--password-stdin', service.base], other.password);
    expect([second.code, second.err]).toEqual([0, expect.stringContaining('second at')]);
    const [here, there] = [`vos:/${user}/two`, `vos://second/${other.user}/two`];
    writeFileSync(join(home, 'notes.txt'), 'theirs');
    writeFileSync(join(home, 'flow.yaml'), `flow: two\nhome: ${there}/flow\npipes:\n  p: { from: a, to: b }\n`);
    for (const args of [
      ['mkdir', there, here],
      ['cp', 'notes.txt', `${there}/`],
      ['cp', `${there}/notes.txt`, 'back.txt'],
      ['cp', '-r', there, 'copy'],
      ['sync', 'copy', `${there}/synced`],
      ['sync', `${there}/synced`, 'synced'],
      ['cp', 'notes.txt', `${here}/`],
      ['pipe', 'create', `${there}/out`, `${there}/in`],
      ['pipe', 'write', `${there}/out`, '-u', 'notes.txt'],
      ['pipe', 'read', `${there}/in`, '-o', 'read'],
      ['flow', 'up'],
      ['pipe', 'write', `${there}/flow/a`, '-u', 'notes.txt', '--final'],
      ['flow', 'status'],
      ['flow', 'down', '--force'],
    ]) {
      const { code, err } = await run(args);
      expect([args, code, code === 0 ? '' : err]).toEqual([args, 0, '']);
    }
    for (const file of ['back.txt', 'copy/notes.txt', 'synced/notes.txt', 'read/notes.txt'])
      expect([file, readFileSync(join(home, file), 'utf8')]).toEqual([file, 'theirs']);
    expect((await run(['ls', there])).out).toMatch(/notes\.txt/);
  });

  test('takes no name that is none, or that another VOSpace has', async () => {
    const { run, home } = makeHome();
    const bad = await run(['login', '--as', 'bad name', service.base]);
    expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('"bad name" cannot be the name of a VOSpace')]);
    const config = join(home, 'config.json');
    const known = JSON.stringify({ services: { 'two.example~vospace': { url: 'http://127.0.0.1:9/vos', user: 'eve', password: 'x' } } });
    writeFileSync(config, known, { mode: 0o600 });
    const taken = await run(['login', '--config', config, '--as', 'two.example!vospace', '--anonymous', service.base]);
    expect([taken.code, taken.err]).toEqual([
      5,
      expect.stringMatching(/two\.example~vospace is another VOSpace, at http:.*:9\/vos\n.*logout/),
    ]);
    expect(readFileSync(config, 'utf8')).toBe(known);
    for (const as of ['second', 'second', service.authority])
      expect((await run(['login', '--as', as, '--anonymous', service.base])).code).toBe(0);
  });

  test('is not what counts where the environment says who one is', async () => {
    const other = await makePerson();
    const { run, read } = makeHome();
    expect((await run(['login', '-u', other.user, '--password-stdin', service.base], other.password)).code).toBe(0);
    const instead = await run(['login', '-u', user, '--password-stdin', service.base], password);
    expect(instead.err).toContain(`signed in as ${user}, and no longer as ${other.user}`);
    expect((await run(['login', '-u', other.user, '--password-stdin', service.base], other.password)).code).toBe(0);
    const mine = { VOPIPE_URL: service.base, VOPIPE_USER: user, VOPIPE_PASSWORD: password };
    for (const node of [`vos:/${user}/file`, `vos://${read().default}/${user}/file`])
      expect(await run(['cat', node], '', mine)).toMatchObject({ code: 0, out: 'mine' });
  });

  test('that others could read is told of', async () => {
    const { run, config } = makeHome();
    expect((await run(['login', '-u', user, '--password-stdin', service.base], password)).code).toBe(0);
    expect((await run(['ls'])).err).toBe('');
    chmodSync(config, 0o640);
    expect((await run(['ls'])).err).toContain(`${config} may be read by others: chmod 600`);
    expect((await run(['ls', '-q'])).err).toBe('');
  });

  test('is forgotten as a whole, or stays', async () => {
    const { home, run } = makeHome();
    // Its name cannot be longer: nothing can be written beside it.
    const config = join(home, 'c'.repeat(255));
    const { run: elsewhere, config: readable } = makeHome();
    expect((await elsewhere(['login', '-u', user, '--password-stdin', service.base], password)).code).toBe(0);
    renameSync(readable, config);
    const before = await passwordCount();
    expect((await run(['logout', '--config', config])).code).toBe(1);
    expect(await passwordCount()).toBe(before);
    expect((await run(['cat', '--config', config, `vos:/${user}/file`])).out).toBe('mine');
    expect((await run(['login', '--config', config, '-u', user, '--password-stdin', service.base], password)).code).toBe(1);
    expect(await passwordCount()).toBe(before);
  });

  test('asks at the terminal, and does not show what is typed', async () => {
    const { home, read } = makeHome();
    const command = `'${process.execPath}' '${PROGRAM}' login ${service.base}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { PATH: process.env['PATH'], HOME: home, TERM: 'dumb' } });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
    const shows = (words: string) => expect.poll(() => seen, { timeout: 20_000 }).toContain(words);
    await shows('User at');
    child.stdin.write(`${user}\r`);
    await shows('Password of');
    child.stdin.write(`x\u007f${password}\r`);
    await shows('signed in as');
    await new Promise((resolve) => child.once('close', resolve));
    expect(seen).not.toContain(password);
    expect(Object.values(read().services)[0]).toMatchObject({ user });
  });

  test('with a wrong password, at what is no VOSpace, or with secrets in the URL, keeps nothing', async () => {
    const { run, config } = makeHome();
    expect((await run(['login', '-u', user, '--password-stdin', service.base], 'wrong')).code).toBe(4);
    const nothing = createServer((_, response) => response.writeHead(404).end('nothing here'));
    await new Promise<void>((resolve) => nothing.listen(0, '127.0.0.1', resolve));
    const { port } = nothing.address() as AddressInfo;
    const none = await run(['login', '--anonymous', `http://127.0.0.1:${port}`]);
    nothing.close();
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('no VOSpace answers there')]);
    const secret = await run(['login', service.base.replace('://', `://${user}:${password}@`)]);
    expect([secret.code, secret.err.includes(password)]).toEqual([2, false]);
    expect((await run(['login', service.base])).code).toBe(2);
    expect(existsSync(config)).toBe(false);
  });

  test('knows a VOSpace of another kind by its answers', async () => {
    const far = await startFar();
    const { run, read } = makeHome();
    const { code, lines } = await run(['login', '--json', '-u', user, '--password-stdin', far.url], password);
    expect([code, lines()]).toMatchObject([0, [{ codec: 'xml', authority: far.authority, user }]]);
    expect(read().services[far.authority]).toMatchObject({ codec: 'xml', password });
    expect((await run(['ls', `vos://${far.authority}/${user}`])).out.split('\n')).toContain('file');
    expect((await run(['logout', far.url])).code).toBe(0);
  });
});

describe('.netrc', () => {
  test('tells who one is at a host, and is warned of when others may read it', async () => {
    const { home, run } = makeHome();
    const environment = { VOPIPE_URL: new URL(service.base).origin };
    const file = join(home, '.netrc');
    writeFileSync(
      file,
      `machine example.org login x password y\nmachine ${new URL(service.base).hostname}\n  login ${user}\n  password "${password}"\n`,
    );
    chmodSync(file, 0o600);
    expect(await run(['cat', `vos:/${user}/file`], '', environment)).toMatchObject({ code: 0, out: 'mine', err: '' });
    chmodSync(file, 0o644);
    const { code, err } = await run(['ls', `vos:/${user}`], '', environment);
    expect([code, err]).toEqual([0, expect.stringContaining('may be read by others')]);
    chmodSync(file, 0o600);
    expect((await run(['ls', `vos:/${user}`], '', { ...environment, NETRC: '/dev/null' })).code).toBe(4);
  });
});

describe('VOPIPE_REGISTRY', () => {
  test('names VOSpaces by their authorities', async () => {
    const { run } = makeHome();
    const registry = `far.example~vo=http://127.0.0.1:9/vos, ${service.authority}=${service.base}`;
    expect((await run(['ls', `vos://${service.authority}/`], '', { VOPIPE_REGISTRY: registry })).out).toContain(`${user}/`);
    expect((await run(['ls', 'vos://far.example!vo/'], '', { VOPIPE_REGISTRY: registry })).code).toBe(6);
    const wrong = await run(['ls'], '', { VOPIPE_REGISTRY: 'nonsense' });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('is not authority=url')]);
  });
});
