// Nodes that a test of the page needs: made over HTTP, below the user's own container.
import { expect } from 'vitest';
import { service, type User } from './browser.ts';

const enc = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** `path` begins with a slash, and is not encoded. */
export async function putFolder({ client, home }: User, path: string, authority = service.authority): Promise<void> {
  const body = JSON.stringify({ uri: `vos://${authority}${enc(home + path)}`, type: 'ContainerNode' });
  const answer = await client.send('PUT', `/nodes${enc(home + path)}`, { body, headers: { 'content-type': 'application/json' } });
  expect(answer.status, answer.text).toBe(201);
}

export async function putFile({ client, home }: User, path: string, bytes: string): Promise<void> {
  const answer = await client.send('PUT', `/files${enc(home + path)}`, { body: bytes, headers: { 'content-type': 'text/plain' } });
  expect(answer.status, answer.text).toBe(201);
}

/** What a file holds; undefined where there is none. */
export async function bytesOf({ client, home }: User, path: string): Promise<string | undefined> {
  const answer = await client.get(`/files${enc(home + path)}?via=service`);
  return answer.status === 200 || answer.status === 204 ? answer.text : undefined;
}

/** Names in a folder, in the service's order. */
export async function namesIn({ client, home }: User, path = ''): Promise<readonly string[]> {
  const answer = await client.get(`/nodes${enc(home + path)}?detail=min`, { accept: 'application/json' });
  expect(answer.status, answer.text).toBe(200);
  const { nodes = [] } = JSON.parse(answer.text) as { nodes?: readonly { readonly uri: string }[] };
  return nodes.map(({ uri }) => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1)));
}
