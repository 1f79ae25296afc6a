// What tests of the page make and look at behind its back, by the service's own interface.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { NodeType } from '../../../src/model/node.ts';
import { service, type User } from './browser.ts';

export const CORE = 'ivo://ivoa.net/vospace/core#';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The properties of a node. */
export async function propertiesOf({ client }: Pick<User, 'client'>, path: string): Promise<Readonly<Record<string, string>>> {
  const answer = await client.get(`/nodes${path}?limit=0`, { accept: 'application/json' });
  expect(answer.status, answer.text).toBe(200);
  return (JSON.parse(answer.text) as { properties: Record<string, string> }).properties;
}

export async function setProperties({ client }: Pick<User, 'client'>, path: string, properties: Readonly<Record<string, string | null>>) {
  const body = JSON.stringify({ uri: `vos://${service.authority}${path}`, properties });
  const answer = await client.send('POST', `/nodes${path}?limit=0`, { body, headers: JSON_TYPE });
  expect(answer.status, answer.text).toBe(200);
}

export async function makeNode({ client }: Pick<User, 'client'>, path: string, type: NodeType = 'ContainerNode', target?: string) {
  const body = JSON.stringify({ uri: `vos://${service.authority}${path}`, type, ...(target !== undefined && { target }) });
  const answer = await client.send('PUT', `/nodes${path}`, { body, headers: JSON_TYPE });
  expect(answer.status, answer.text).toBe(201);
}

export async function putFile({ client }: Pick<User, 'client'>, path: string, text: string, type = 'text/plain') {
  const answer = await client.send('PUT', `/files${path}`, { body: text, headers: { 'content-type': type } });
  expect(answer.status, answer.text).toBe(201);
}

/** Goes to another URL of the page without loading it again, as a link does. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}
