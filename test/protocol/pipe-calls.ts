// Pipes as tests speak to them: in JSON, and in XML.
import { expect } from 'vitest';
import { FAULTS, type FaultName } from '../../src/faults.ts';
import type { PageDocument, PipeDocument, Written } from '../../src/model/json/pipe-answers.ts';
import type { Credit } from '../../src/model/pipe.ts';
import type { PipeDocumentName } from '../../src/xml/pipe-shapes.ts';
import { formatPipeXml, parsePipeXml } from '../../src/xml/pipe.ts';
import type { Answer } from '../support/client.ts';
import { expectStatus, uriOf, type User } from './world.ts';

export type Form = 'JSON' | 'XML';
type Headers = Readonly<Record<string, string>>;

const TYPES = { JSON: 'application/json', XML: 'text/xml' } as const;

/** Sends a document of this name in a form, and asks for the same form. */
export function call(
  user: User,
  method: string,
  path: string,
  document?: readonly [name: PipeDocumentName, value: object],
  { form = 'JSON', headers = {} }: { readonly form?: Form; readonly headers?: Headers } = {},
): Promise<Answer> {
  const type = TYPES[form];
  const body = document && (form === 'JSON' ? JSON.stringify(document[1]) : formatPipeXml(...document));
  return user.send(method, path, {
    headers: { accept: type, ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body }),
  });
}

/** The answer's document, whose form must be the one that was asked for. */
export function read<T>(answer: Answer, name: PipeDocumentName, form: Form = 'JSON'): T {
  expect(answer.header('content-type')).toContain(TYPES[form]);
  return (form === 'JSON' ? JSON.parse(answer.text) : parsePipeXml(name, answer.text, { elements: 400_000, bytes: 2 ** 24 })) as T;
}

export async function newPipe(
  user: User,
  more: object = {},
  form: Form = 'JSON',
): Promise<{ readonly id: string; readonly pipe: PipeDocument }> {
  const value = { src: uriOf(user.fresh('src')), dest: uriOf(user.fresh('dest')), ...more };
  const answer = await call(user, 'POST', '/pipes', ['createPipe', value], { form });
  expectStatus(answer, 201);
  const pipe = read<PipeDocument>(answer, 'pipe', form);
  expect(answer.header('location')).toBe(`${user.base}/pipes/${pipe.pipe}`);
  return { id: pipe.pipe, pipe };
}

export type WriteAnswer = Written & { readonly credit: Credit; readonly chunks?: readonly Written[] };

export async function write(user: User, id: string, value: object, status = 201, form: Form = 'JSON'): Promise<WriteAnswer> {
  const answer = await call(user, 'POST', `/pipes/${id}/chunks`, ['writeChunk', value], { form });
  expectStatus(answer, status);
  return read<WriteAnswer>(answer, 'written', form);
}

export async function page(user: User, id: string, query = '', form: Form = 'JSON'): Promise<PageDocument & { readonly total?: number }> {
  const answer = await call(user, 'GET', `/pipes/${id}/chunks${query}`, undefined, { form });
  expectStatus(answer, 200);
  return read(answer, 'chunks', form);
}

/** The refusal has this name, its status, and a detail with this text, in JSON. */
export function expectRefusal(answer: Answer, fault: FaultName, detail = ''): void {
  expect([answer.status, answer.text.slice(0, 400)]).toEqual([FAULTS[fault], expect.stringContaining(`"fault":"${fault}"`)]);
  expect((JSON.parse(answer.text) as { detail: string }).detail).toContain(detail);
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
