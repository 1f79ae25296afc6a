// What every command has in common: help, wrong words, exit codes, and how errors are told.
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

  test.each([
    [['lss'], 'there is no command "lss"; did you mean ls?'],
    [['ls', '--lnog'], 'ls: there is no option --lnog; did you mean --long?'],
    [['ls', 'here'], 'ls: "here" is not a node of a VOSpace'],
  ])('that is not understood says so: %j', async (args, words) => {
    const { code, out, err } = await person.run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });

  test('is told what is missing, and how to help it, by an exit code of its own', async () => {
    const { code, err } = await person.run(['ls', `${person.home}/nothing`]);
    expect(code).toBe(3);
    expect(err).toContain('NodeNotFound');
  });

  test('tells errors as JSON where it was asked for JSON', async () => {
    const { code, out, err } = await person.run(['ls', '--json', `${person.home}/nothing`]);
    expect([code, out]).toEqual([3, '']);
    expect(JSON.parse(err)).toMatchObject({ error: { fault: 'NodeNotFound', exit: 3 } });
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
    expect(out + err).not.toContain('not-the-password');
  });
});
