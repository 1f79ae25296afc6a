// The library inside workerd: bytes sent with their length, read back, and redirects that are not followed blindly.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleClient } from '../../../scripts/build-client.ts';

const WORKER = `
import { connect } from './index.js';
import { xml } from './xml.js';
export default {
  async fetch(request) {
    const base = new URL(request.url).searchParams.get('base');
    const space = connect(base, { credentials: { user: 'ada', password: 'p' }, codec: xml, authority: 'a~b' });
    const bytes = new Uint8Array(100000).fill(65);
    const sent = await space.upload('/file', () => new Blob([bytes]).stream(), { length: bytes.length });
    const { body } = await space.download('/file');
    const text = await new Response(body).text();
    const moved = await space.nodes.get('/moved').catch(({ fault }) => fault);
    return Response.json({ sent, length: text.length, moved });
  },
};`;
const V = 'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

let [directory, base] = ['', ''];
let server: Server;
let miniflare: Miniflare;
let stored = Buffer.alloc(0);
const log: string[] = [];

/** One VOSpace with its store, just as much of it as the Worker asks for. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { method = '', url = '', headers } = request;
  log.push(
    `${method} ${url} ${headers['content-length'] ?? headers['transfer-encoding'] ?? ''} ${headers.authorization === undefined ? 'anonymous' : 'ada'}`,
  );
  const answer = (text: string | Buffer, status = 200, more: Record<string, string> = {}): void =>
    void response.writeHead(status, more).end(text);
  if (url.endsWith('/capabilities')) return answer('', 404);
  if (url.startsWith('/vos/nodes/moved')) return answer('', 303, { Location: `${base.replace('127.0.0.1', 'localhost')}/stolen` });
  if (url.endsWith('/stolen')) return answer('NodeNotFound', 404);
  if (url === '/put') {
    stored = body;
    return answer('', 201);
  }
  if (url === '/get') return answer(stored, 200, { 'Content-Length': String(stored.length) });
  if (url.startsWith('/vos/nodes')) {
    const properties = `<vos:property uri="ivo://ivoa.net/vospace/core#length">${stored.length}</vos:property>`;
    return answer(`<vos:node ${V} xsi:type="vos:DataNode" uri="vos://a~b/file"><vos:properties>${properties}</vos:properties></vos:node>`);
  }
  const pushes = body.includes('pushToVoSpace');
  const endpoint = `<vos:protocol uri="urn:p"><vos:endpoint>${new URL(base).origin}${pushes ? '/put' : '/get'}</vos:endpoint></vos:protocol>`;
  return answer(`<vos:transfer ${V}><vos:target>vos://a~b/file</vos:target><vos:direction>x</vos:direction>${endpoint}</vos:transfer>`);
}

beforeAll(async () => {
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vos`;
  directory = mkdtempSync(join(tmpdir(), 'vopipe-worker-'));
  const { metafile } = await bundleClient(directory);
  const names = Object.keys(metafile?.outputs ?? {}).map((path) => path.slice(path.lastIndexOf('/') + 1));
  const options = convertV4MiniflareOptions({
    name: 'client',
    modules: [
      { type: 'ESModule', path: 'worker.js', contents: WORKER },
      ...names.map((name) => ({ type: 'ESModule' as const, path: name, contents: readFileSync(join(directory, name), 'utf8') })),
    ],
    compatibilityDate: '2026-10-01',
    cf: false,
    telemetry: { enabled: false },
  });
  miniflare = new Miniflare({ ...options, enableDevRegistry: false });
}, 30_000);

afterAll(async () => {
  await miniflare.dispose();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

test('The client works in a Worker, and sends Content-Length with a stream', async () => {
  const answer = await miniflare.dispatchFetch(`http://worker/?base=${encodeURIComponent(base)}`);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ sent: { size: 100_000, verified: 'length' }, length: 100_000, moved: 'NotFound' });
  expect(log).toContain('PUT /put 100000 ada');
  expect(log.find((line) => line.includes('/stolen'))).toMatch(/anonymous$/);
}, 30_000);
