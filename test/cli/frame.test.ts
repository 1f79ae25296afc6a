// What every command has in common: help, wrong words, exit codes, and how errors are told.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makePerson, service, start } from './support/vopipe.ts';

const person = await makePerson();

describe('a command line', () => {
  test('without a command shows the commands', async () => {
    const { code, out } = await person.run([]);
    expect(code).toBe(2);
    expect(out).toMatch(/^ {2}ls {2}/m);
    expect((await person.run(['--help'])).code).toBe(0);
  });

  test('that names a family of commands shows these', async () => {
    for (const args of [
      ['pipe', '--help'],
      ['help', 'pipe'],
    ]) {
      const { code, out } = await person.run(args);
      expect(code).toBe(0);
      expect(out).toMatch(/^ {2}pipe create {2,}make a pipe/m);
      expect(out).not.toMatch(/^ {2}(ls|flow up) /m);
    }
    expect((await person.run(['flow'])).code).toBe(2);
  });

  test.each([
    [['lss'], 'there is no command "lss"; did you mean ls?'],
    [['ls', '--lnog'], 'ls: there is no option --lnog; did you mean --long?'],
    [['--config', 'x', 'ls'], 'a command comes first, and --config behind it'],
    [['ls', '--config', '/'], '/: is a folder'],
    [['ls', 'here'], 'ls: "here" is not a node of a VOSpace'],
  ])('that is not understood says so: %j', async (args, words) => {
    const { code, out, err } = await person.run(args);
    expect([code, out]).toEqual([words.endsWith('is a folder') ? 1 : 2, '']);
    expect(err).toContain(words);
  });

  test.each([
    [{ VOPIPE_URL: 'nonsense' }, 'VOPIPE_URL is not the URL of a service'],
    [{ VOPIPE_URL: 'http://ada:secret@127.0.0.1:9/vos' }, 'VOPIPE_URL is not the URL of a service'],
    [{ VOPIPE_REGISTRY: 'far=http://ada:secret@127.0.0.1:9/vos' }, 'VOPIPE_REGISTRY: "far=…" is not authority=url'],
    [{ VOPIPE_CONFIG: 'open.json' }, '"url" of "far" is not a URL'],
    [{ VOPIPE_CONFIG: 'gone.json' }, 'the default VOSpace gone.example~vospace is not among those that are known'],
  ])('with a configuration that leads nowhere says which: %j', async (environment, words) => {
    writeFileSync(join(person.directory, 'gone.json'), '{"default": "gone.example~vospace", "services": {}}');
    writeFileSync(join(person.directory, 'open.json'), '{"services": {"far": {"url": "http://ada:secret@127.0.0.1:9/vos"}}}');
    const { code, err } = await start(['ls'], person.directory, { HOME: person.directory, ...environment }).ended;
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
    expect(err).not.toContain('secret');
  });

  test('is told what is missing, and how to help it, by an exit code of its own', async () => {
    const { code, err } = await person.run(['ls', `${person.home}/nothing`]);
    expect(code).toBe(3);
    expect(err).toContain('NodeNotFound');
  });

  test('tells errors as JSON where it was asked for JSON', async () => {
    const { code, out, err } = await person.run(['ls', '--json', `${person.home}/nothing`]);
    expect([code, out]).toEqual([3, '']);
    expect(JSON.parse(err)).toMatchObject({ error: { fault: 'NodeNotFound', message: expect.stringMatching(/^vos:/) as string, exit: 3 } });
    expect(JSON.parse((await person.run(['ls', '--json', 'here'])).err)).toMatchObject({ error: { fault: 'UsageError', exit: 2 } });
  });

  test('says what to do where no VOSpace is known, and where nobody answers', async () => {
    const none = await start(['ls'], person.directory, { HOME: person.directory }).ended;
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('vopipe login')]);
    const environment = { HOME: person.directory, VOPIPE_URL: 'http://127.0.0.1:9/vos' };
    expect((await start(['ls'], person.directory, environment).ended).code).toBe(6);
  });

  test('never shows the password', async () => {
    const wrong = { HOME: person.directory, VOPIPE_URL: service.base, VOPIPE_USER: person.user, VOPIPE_PASSWORD: 'not-the-password' };
    const { code, out, err } = await start(['ls'], person.directory, wrong).ended;
    expect(code).toBe(4);
    expect(err).toContain('vopipe login');
    expect(out + err).not.toContain('not-the-password');
  });
});
