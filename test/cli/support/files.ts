// Nodes for the commands to work on, made by plain HTTP.
import { expect } from 'vitest';
import type { Person } from './vopipe.ts';

/** Puts bytes at names below the user's own container. */
export async function put({ client, user }: Person, names: readonly string[], bytes: string | Uint8Array = 'hello'): Promise<void> {
  const path = [user, ...names].map(encodeURIComponent).join('/');
  const answer = await client.send('PUT', `/files/${path}`, { body: bytes });
  expect(answer.status, answer.text).toBe(201);
}

/** The properties of a node, by the last part of their names. */
export async function propertiesOf({ client, user }: Person, ...names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const path = [user, ...names].map(encodeURIComponent).join('/');
  const answer = await client.get(`/nodes/${path}?limit=0`, { Accept: 'application/json' });
  expect(answer.status, answer.text).toBe(200);
  const { properties } = JSON.parse(answer.text) as { readonly properties: Readonly<Record<string, string>> };
  return Object.fromEntries(Object.entries(properties).map(([uri, value]) => [uri.replace(/^ivo:.*#/, ''), value]));
}

/** How a GET of the node is answered: 404 where it is not there. */
export async function statusOf({ client, user }: Person, ...names: readonly string[]): Promise<number> {
  return (await client.get(`/nodes/${[user, ...names].map(encodeURIComponent).join('/')}?limit=0`)).status;
}
