// What a client does to send files by /uploads: negotiate, PUT each part to the store, complete.
import { expect } from 'vitest';
import type { Answer } from '../support/client.ts';
import { anonymous, expectStatus, type User } from './world.ts';

export const MIB = 1024 * 1024;

export interface UploadItem {
  readonly uri: string;
  readonly id: string;
  readonly phase: string;
  readonly fault?: string;
  readonly detail?: string;
  readonly length: number;
  readonly received?: number;
  readonly md5?: string;
  readonly url?: string;
  readonly partSize?: number;
  readonly partCount?: number;
  readonly present?: readonly { readonly number: number; readonly size: number; readonly etag: string }[];
  readonly parts?: readonly { readonly number: number; readonly size: number; readonly url: string }[];
}

export function postJson(user: User, where: string, value: unknown): Promise<Answer> {
  return user.post(where, JSON.stringify(value), 'application/json');
}

export function parsed<T = UploadItem>(answer: Answer): T {
  expectStatus(answer, 200);
  return JSON.parse(answer.text) as T;
}

export async function items<T = UploadItem>(user: User, where: string, list: readonly object[]): Promise<readonly T[]> {
  return parsed<{ items: readonly T[] }>(await postJson(user, where, { items: list })).items;
}

/** Negotiates one upload, which must be granted. */
export async function begin(user: User, wish: object): Promise<UploadItem> {
  const [item] = await items(user, '/uploads', [wish]);
  expect(item?.fault, item?.detail).toBeUndefined();
  return item as UploadItem;
}

export async function state(user: User, { id }: UploadItem, query = ''): Promise<UploadItem> {
  return parsed(await user.get(`/uploads/${id}${query}`));
}

/** Sends the bytes of these parts, or of all that the document has URLs for. */
export async function sendParts(
  upload: UploadItem,
  bytes: Uint8Array,
  numbers = (upload.parts ?? []).map(({ number }) => number),
): Promise<void> {
  for (const number of numbers) {
    const { url = '', size = 0 } = upload.parts?.find((part) => part.number === number) ?? {};
    const start = (number - 1) * (upload.partSize ?? 0);
    expectStatus(await anonymous.send('PUT', url, { body: bytes.subarray(start, start + size) }), 201);
  }
}

export function complete(user: User, { id }: UploadItem, wish: object = {}): Promise<Answer> {
  return postJson(user, `/uploads/${id}/complete`, wish);
}

/** Bytes that differ from place to place, and from seed to seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = new Uint32Array(bytes.buffer, 0, length >> 2);
  for (let i = 0, word = seed; i < words.length; i += 1) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = word;
  }
  return bytes;
}
