// The few requests by which the crash tests write and read back, as the admin.
import type { Service } from '../support/service.ts';

function ask(service: Service, method: string, path: string, body?: string): Promise<Response> {
  return fetch(service.base + path, {
    method,
    headers: { authorization: service.admin.authorization, ...(body === undefined ? {} : { 'content-type': 'text/xml' }) },
    ...(body === undefined ? {} : { body }),
  });
}

async function status(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.arrayBuffer();
  return response.status;
}

/** The status of creating a container; the path is relative to the root. */
export function createContainer(service: Service, path: string): Promise<number> {
  const namespaces = 'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const uri = `vos://localhost~vospace/${path}`;
  return status(
    ask(service, 'PUT', `/nodes/${path}`, `<vos:node ${namespaces} uri="${uri}" xsi:type="vos:ContainerNode"><vos:properties/></vos:node>`),
  );
}

export async function isThere(service: Service, path: string): Promise<boolean> {
  return (await status(ask(service, 'GET', `/nodes/${path}?limit=0`))) === 200;
}

export function writeBytes(service: Service, path: string, bytes: string): Promise<number> {
  return status(ask(service, 'PUT', `/files/${path}`, bytes));
}

export async function readBytes(service: Service, path: string): Promise<string> {
  const response = await ask(service, 'GET', `/files/${path}?via=service`);
  return response.ok ? response.text() : `HTTP ${response.status}`;
}
