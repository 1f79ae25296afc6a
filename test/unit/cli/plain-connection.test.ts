// Ranges that go from a store straight into a file, and answers that are not such a range.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StoreBytes } from '../../../src/cli/copy/store-bytes.ts';

const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) >>> 5));
const folder = mkdtempSync(join(tmpdir(), 'vopipe-plain-'));
const sockets = new Set<unknown>();
let answer: (asked: IncomingMessage, to: ServerResponse) => void = range;
const server = createServer((asked, to) => {
  sockets.add(asked.socket);
  answer(asked, to);
});
let store = new StoreBytes(4);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
beforeEach(() => {
  store.close();
  store = new StoreBytes(4);
  answer = range;
  sockets.clear();
});
afterAll(async () => {
  store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function endsOf(asked: IncomingMessage): readonly [start: number, end: number] {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(asked.headers.range ?? '') ?? [];
  return [Number(first), Number(last) + 1];
}

function headOf(start: number, end: number): Record<string, string | number> {
  return { 'content-length': end - start, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
}

function range(asked: IncomingMessage, to: ServerResponse): void {
  const [start, end] = endsOf(asked);
  to.writeHead(206, headOf(start, end)).end(bytes.subarray(start, end));
}

async function into(
  start: number,
  end: number,
  signal = new AbortController().signal,
): Promise<{ isDone: boolean; written: number; found: Buffer }> {
  const path = join(folder, 'file');
  const handle = await open(path, 'w+');
  let written = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some%20path?sig=1`;
  try {
    const isDone = await store.into({ fd: handle.fd, url, start, end, signal, written: (n) => (written += n) });
    return { isDone, written, found: readFileSync(path).subarray(start) };
  } finally {
    await handle.close();
  }
}

test('ranges are where they belong in the file, one after the other over one connection', async () => {
  for (const [start, end] of [
    [0, 1],
    [1, 2_500_000],
    [2_999_999, 3_000_000],
  ] as const) {
    const { isDone, written, found } = await into(start, end);
    expect([isDone, written, found.equals(bytes.subarray(start, end))]).toEqual([true, end - start, true]);
  }
  expect(sockets.size).toBe(1);
});

test.each<[string, (asked: IncomingMessage, to: ServerResponse) => void]>([
  ['a refusal', (_, to) => to.writeHead(403).end('no')],
  ['all bytes', (_, to) => to.writeHead(200, { 'content-length': bytes.length }).end(bytes)],
  ['another range', (_, to) => to.writeHead(206, headOf(5, 15)).end(bytes.subarray(5, 15))],
  ['bytes of unknown length', (_, to) => to.writeHead(206, { 'content-range': 'bytes 0-9/3000000' }).end(bytes.subarray(0, 10))],
])('%s is left to the one that understands it', async (_, other) => {
  answer = other;
  const { isDone, written } = await into(0, 10);
  expect([isDone, written]).toEqual([false, 0]);
});

test('a connection that breaks in the middle is a broken connection', async () => {
  answer = (asked, to) => {
    const [start, end] = endsOf(asked);
    to.writeHead(206, headOf(start, end)).write(bytes.subarray(start, start + 1000), () => to.socket?.destroy());
  };
  await expect(into(0, 2_000_000)).rejects.toMatchObject({ fault: 'ConnectionFailed' });
});

test('a connection that was closed while nothing was asked is replaced', async () => {
  expect((await into(0, 10)).isDone).toBe(true);
  // It closes with the next question, before it answers.
  let closes = 1;
  answer = (asked, to) => {
    if (closes-- > 0) asked.socket.destroy();
    else range(asked, to);
  };
  expect(await into(10, 20)).toMatchObject({ isDone: true, written: 10 });
  expect(sockets.size).toBe(2);
});

test('a host that is not there is told of, as is the end of the copy', async () => {
  answer = () => stop.abort(new Error('it is over'));
  const stop = new AbortController();
  await expect(into(0, 10, stop.signal)).rejects.toThrow('it is over');
  const handle = await open(join(folder, 'other'), 'w');
  const wanted = {
    fd: handle.fd,
    url: 'http://127.0.0.1:1/',
    start: 0,
    end: 1,
    signal: new AbortController().signal,
    written: () => undefined,
  };
  await expect(store.into(wanted)).rejects.toMatchObject({ fault: 'ConnectionFailed', unsent: true });
  await handle.close();
});
