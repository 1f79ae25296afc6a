// A VOSpace of another kind: the service under test behind a proxy that speaks XML only, and has nothing but what the standard has.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { service } from './vopipe.ts';

const OWN = /^\/(me|search|uploads|downloads|shares|groups|pipes|events|async-\w+|store)(\/|\?|$)/;

export interface Far {
  /** Its base URL. */
  readonly url: string;
  readonly authority: string;
}

export async function startFar(): Promise<Far> {
  const far = createServer((request, response) => {
    void answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  afterAll(() => far.closeAllConnections());
  const url = `http://127.0.0.1:${(far.address() as AddressInfo).port}/far`;

  const answer = async (request: IncomingMessage) => {
    const path = (request.url ?? '').replace(/^\/far/, '');
    if (!request.url?.startsWith('/far') || OWN.test(path)) return { status: 404, headers: {}, body: 'NotFound' };
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { authorization, 'content-type': type } = request.headers;
    const headers = { ...(authorization && { Authorization: authorization }), ...(type && { 'Content-Type': type }) };
    const body = Buffer.concat(parts);
    const found = await fetch(`${service.base}${path}`, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(body.length > 0 && { body: body.toString().replaceAll(url, service.base) }),
    });
    const text = (await found.text())
      .replaceAll(service.base, url)
      .replaceAll(/<capability[^>]*(?:-proto|#pipe-1.0)"[^]*?<\/capability>/g, '');
    const location = found.headers.get('Location')?.replace(service.base, url);
    return { status: found.status, headers: { 'Content-Type': 'text/xml', ...(location && { Location: location }) }, body: text };
  };
  return { url, authority: service.authority };
}
