// Commands that show what comes, when nobody reads it any more.
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { piping } from './support/pipes.ts';
import { makePerson, PROGRAM, service } from './support/vopipe.ts';

const person = await makePerson();
const { user, password, directory, home } = person;
const pipe = await (await piping(person)).make('in', 'out');
await person.run(['mkdir', `${home}/some`, `${home}/tree`]);
for (const name of ['some', 'tree']) await person.run(['chmod', '-r', 'public', `${home}/${name}`]);
for (const name of ['first', 'second']) await pipe.write({ name, data: 'x' });

/** In a pipeline of a shell, whose last part ends after one line. */
function headOf(words: string): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'], HOME: directory, VOPIPE_URL: service.base, VOPIPE_USER: user, VOPIPE_PASSWORD: password };
  const child = spawn('bash', ['-c', `"${process.execPath}" "${PROGRAM}" ${words} | head -1; exit "\${PIPESTATUS[0]}"`], { env });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

test.each([
  ['jobs --watch', /COMPLETED.*\n$/],
  ['jobs --watch --json', /^\{.*\}\n$/],
  [`pipe tail ${home}/out`, /first\b.*\n$/],
  [`pipe read --until closed ${home}/out`, /first\b.*\n$/],
])('%s ends, and says nothing', async (words, line) => {
  const { code, out, err } = await headOf(words);
  expect({ code, out, err }).toEqual({ code: 0, out: expect.stringMatching(line) as string, err: '' });
});
