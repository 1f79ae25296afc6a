// Asynchronous transfers for tests that start services of their own, as the service's administrator.
import { expect } from 'vitest';
import type { Service } from './service.ts';

export interface JobView {
  readonly phase: string;
  readonly errorSummary?: { readonly fault: string; readonly detail: string };
  readonly progress?: { readonly bytes?: number; readonly totalBytes?: number };
  readonly results: readonly { readonly id: string; readonly href: string }[];
}

export const CORE = 'ivo://ivoa.net/vospace/core#';

export function ask(
  service: Service,
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(path.startsWith('http') ? path : service.base + path, {
    method,
    redirect: 'manual',
    headers: { authorization: service.admin.authorization, accept: 'application/json', ...headers },
    ...(body !== undefined && { body: body as BodyInit }),
  });
}

/** Submits a transfer and starts it; answers the job's path. */
export async function submit(service: Service, transfer: object): Promise<string> {
  const answer = await ask(service, 'POST', '/transfers?PHASE=RUN', JSON.stringify(transfer), { 'content-type': 'application/json' });
  expect(answer.status, await answer.text()).toBe(303);
  return (answer.headers.get('location') ?? '').slice(service.base.length);
}

export async function jobAt(service: Service, path: string): Promise<JobView> {
  return (await ask(service, 'GET', path)).json() as Promise<JobView>;
}

export async function ended(service: Service, path: string, timeout = 20_000): Promise<JobView> {
  await expect.poll(async () => (await jobAt(service, path)).phase, { timeout, interval: 100 }).toMatch(/COMPLETED|ERROR|ABORTED/);
  return jobAt(service, path);
}

export function uri(path: string, authority = 'localhost~vospace'): string {
  return `vos://${authority}${path}`;
}

/** pullToVoSpace from these endpoints; the path may be a vos:// URI. */
export function pull(service: Service, path: string, endpoints: readonly string[], more: object = {}): Promise<string> {
  const protocols = endpoints.map((endpoint) => ({ uri: `${CORE}httpget`, endpoint }));
  return submit(service, { target: path.startsWith('vos:') ? path : uri(path), direction: 'pullToVoSpace', protocols, ...more });
}

export function push(service: Service, path: string, endpoints: readonly string[], more: object = {}): Promise<string> {
  const protocols = endpoints.map((endpoint) => ({ uri: `${CORE}httpput`, endpoint }));
  return submit(service, { target: path.startsWith('vos:') ? path : uri(path), direction: 'pushFromVoSpace', protocols, ...more });
}

export async function bytesOf(service: Service, path: string): Promise<Buffer> {
  const answer = await ask(service, 'GET', `/files${path}?via=service`);
  expect(answer.status).toBeLessThan(300);
  return Buffer.from(await answer.arrayBuffer());
}
