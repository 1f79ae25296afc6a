// Pipes as another client makes and uses them, beside the page.
import { expect } from 'vitest';
import type { PipeDocument } from '../../../src/model/json/pipe-answers.ts';
import { service, type User } from './browser.ts';

export interface Wish {
  readonly options?: object;
  readonly access?: object;
}

export function uriIn(user: User, name: string): string {
  return `vos://${service.authority}${user.home}/${name}`;
}

/** Answers its id. Names are of folders in the user's own. */
export async function makePipe(user: User, src: string, dest: string, wish: Wish = {}): Promise<string> {
  const answer = await ask(user, 'POST', '/pipes', { src: uriIn(user, src), dest: uriIn(user, dest), ...wish });
  return (answer as PipeDocument).pipe;
}

export async function readPipe(user: User, id: string): Promise<PipeDocument> {
  return (await ask(user, 'GET', `/pipes/${id}`)) as PipeDocument;
}

export async function writeInline(user: User, id: string, name: string, more: object = {}): Promise<void> {
  await ask(user, 'POST', `/pipes/${id}/chunks`, { name, data: Buffer.from(`bytes of ${name}`).toString('base64'), ...more });
}

export async function writeNames(user: User, id: string, names: readonly string[]): Promise<void> {
  await ask(user, 'POST', `/pipes/${id}/chunks`, { names });
}

/** Puts a file into a folder of the user's. */
export async function putFile(user: User, path: string, text: string): Promise<void> {
  const answer = await user.client.send('PUT', `/files${user.home}/${path}`, { body: text, headers: { 'content-type': 'text/plain' } });
  expect(answer.status, answer.text).toBeLessThan(300);
}

export async function ask(user: User, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
  const answer = await user.client.send(method, path, { headers, ...(body && { body: JSON.stringify(body) }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}
