// Bytes over real connections: memory stays flat, and a connection that falls silent is left for another.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import type { ConnectOptions } from '../../../src/client/open-session.ts';
import type { Vospace } from '../../../src/client/vospace.ts';

const MIB = 1024 * 1024;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

type Store = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a VOSpace with one node of so many bytes, whose store answers so. */
async function serve(length: number, store: Store, options: ConnectOptions = {}): Promise<Vospace> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/store') {
      store(request, response);
      return;
    }
    const properties = { 'ivo://ivoa.net/vospace/core#length': String(length) };
    const protocols = [{ uri: 'urn:p', endpoint: `${origin}/store` }];
    const document = request.url?.startsWith('/vos/nodes')
      ? { uri: 'vos://a~b/f', type: 'DataNode', properties }
      : { target: 'vos://a~b/f', direction: 'pushToVoSpace', protocols };
    request.resume().once('end', () => response.end(JSON.stringify(document)));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return connect(`${origin}/vos`, { authority: 'a~b', retry: { base: 1 }, ...options });
}

test('A stream of 256 MiB is sent with its length, and is never held', async () => {
  const length = 256 * MIB;
  let [received, header, most] = [0, '', 0];
  const space = await serve(length, (request, response) => {
    header = request.headers['content-length'] ?? 'none';
    request.on('data', (part: Buffer) => {
      received += part.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    });
    request.once('end', () => response.writeHead(201).end());
  });
  let sent = 0;
  const source = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull(controller) {
        if ((sent += MIB) > length) controller.close();
        else controller.enqueue(new Uint8Array(MIB));
      },
    });
  const before = process.memoryUsage().arrayBuffers;
  expect(await space.upload('/f', source, { length })).toMatchObject({ size: length, verified: 'length' });
  expect([received, header]).toEqual([length, String(length)]);
  expect(most - before).toBeLessThan(96 * MIB);
}, 30_000);

test('A download that falls silent goes on at the same byte over another connection', async () => {
  const ranges: (string | undefined)[] = [];
  const space = await serve(
    10,
    (request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length === 1) response.writeHead(200, { 'Content-Length': '10' }).write('01234');
      else if (ranges.length === 2) response.flushHeaders();
      else response.writeHead(206, { 'Content-Range': 'bytes 5-9/10', 'Content-Length': '5' }).end('56789');
    },
    { stall: 50 },
  );
  const told: number[] = [];
  const { body } = await space.download('/f', { progress: ({ bytes }) => told.push(bytes) });
  expect(await new Response(body).text()).toBe('0123456789');
  expect(ranges).toEqual([undefined, 'bytes=5-', 'bytes=5-']);
  expect(told).toEqual([5, 10]);
}, 30_000);

test('A download that is cancelled or aborted closes its connection', async () => {
  let closed = 0;
  const space = await serve(10, (_, response) => {
    response.once('close', () => (closed += 1));
    response.writeHead(200, { 'Content-Length': '10' }).write('01234');
  });
  const { body } = await space.download('/f');
  const reader = body.getReader();
  expect((await reader.read()).value?.length).toBe(5);
  await reader.cancel();
  const controller = new AbortController();
  const aborted = await space.download('/f', { signal: controller.signal });
  const reading = new Response(aborted.body).text();
  controller.abort(new Error('no more'));
  await expect(reading).rejects.toThrow('no more');
  await expect.poll(() => closed).toBe(2);
});
