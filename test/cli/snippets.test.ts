// The lines with which the page lets programs join a pipe, run as they stand: by curl, the command line and Python.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { snippetsFor } from '../../src/page/pipes/model/snippets.ts';
import { makePerson, service, type Person } from './support/vopipe.ts';

const exec = promisify(execFile);

async function makePipe(person: Person): Promise<string> {
  const [src, dest] = ['out', 'in'].map((name) => `vos://${service.authority}/${person.user}/${name}`);
  const answer = await person.client.post('/pipes', JSON.stringify({ src, dest }), 'application/json');
  expect(answer.status, answer.text).toBe(201);
  return (JSON.parse(answer.text) as { readonly pipe: string }).pipe;
}

test('programs join a pipe by the lines that the page shows', async () => {
  const person = await makePerson();
  const pipe = await makePipe(person);
  const { user, password, directory } = person;
  const all = snippetsFor({ base: service.base, pipe, user, files: `/${user}/out` });
  const textOf = (title: string): string => all.find((one) => one.title === title)?.text ?? '';
  const python = async (title: string): Promise<string> =>
    (await exec('python3', ['-c', textOf(title)], { cwd: directory, env: { ...process.env, PASSWORD: password } })).stdout;
  const vopipe = async (word: string): Promise<string> => {
    const line = textOf('Command line')
      .split('\n')
      .find((one) => one.startsWith(`vopipe ${word}`));
    const { code, out, err } = await person.run(line?.split(' ').slice(1) ?? []);
    expect(code, err).toBe(0);
    return out;
  };
  writeFileSync(join(directory, 'stars.csv'), 'ra,dec\n1,2\n');
  expect(await python('Python: write')).toBe('1\n');
  // It asks for the password: here it is told.
  const curl = textOf('curl: write').replaceAll(`-u ${user}`, `-sf -u ${user}:${password}`);
  await exec('sh', ['-ec', curl], { cwd: directory });
  await vopipe('pipe write');
  await person.client.post(`/pipes/${pipe}/close`, '{}', 'application/json');
  expect(await python('Python: read')).toMatch(/^1 hello\.txt ready 11 .*\n2 stars\.csv ready 11 .*\n/);
  await vopipe('pipe tail');
  await vopipe('pipe read');
  expect(readFileSync(join(directory, 'downloads', 'hello.txt'), 'utf8')).toBe('a few bytes');
  expect(existsSync(join(directory, 'downloads', 'stars.csv'))).toBe(true);
  await vopipe('stage');
});
