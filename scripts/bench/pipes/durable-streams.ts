// The reference server of Durable Streams, from npm, on files and in a process of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { findNode } from '../../build.mjs';
import { Connection } from '../load.ts';
import { npmPackage, serve } from './install.ts';
import { DATA, PAGE, type Log, type Peer } from './peer.ts';

const VERSION = '0.3.7';
const JSON_TYPE = { 'Content-Type': 'application/json' };

export async function durableStreams(): Promise<Peer | undefined> {
  const path = npmPackage('@durable-streams/server', VERSION);
  if (path === undefined) return undefined;
  const running = await serve((port) => [
    findNode(),
    '--input-type=module',
    '-e',
    `const { DurableStreamTestServer } = await import(${JSON.stringify(join(path, 'dist/index.js'))});
    const running = new DurableStreamTestServer({ port: ${port}, host: '127.0.0.1', dataDir: process.cwd(), longPollTimeout: 30000, compression: false });
    await running.start();
    running.server.keepAliveTimeout = 0;`,
  ]);
  const url = `http://127.0.0.1:${running.port}`;
  return {
    name: `Durable Streams ${VERSION}, files`,
    log: async (name) => {
      const stream = `/v1/stream/${name}`;
      const connection = await Connection.open(url);
      await connection.ask({ method: 'PUT', path: stream, headers: JSON_TYPE });
      connection.close();
      return logOf(url, stream);
    },
    close: () => running.close(),
  };
}

const nextOf = (head: string): string => /^stream-next-offset: *(\S+)/im.exec(head)?.[1] ?? '';

function logOf(url: string, path: string): Log {
  return {
    writer: async (list) => {
      const connection = await Connection.open(url);
      const chunk = (i: number): object => ({ name: `chunk-${i}`, data: DATA });
      const body = (i: number): string =>
        JSON.stringify(list === 1 ? chunk(i) : Array.from({ length: list }, (_, k) => chunk(i * list + k)));
      return { work: (i) => connection.ask({ method: 'POST', path, headers: JSON_TYPE, body: body(i) }), close: () => connection.close() };
    },
    reader: async () => {
      const connection = await Connection.open(url);
      let offset = nextOf((await connection.ask({ method: 'GET', path: `${path}?offset=now` })).head);
      return {
        next: async () => {
          const { head } = await connection.ask({ method: 'GET', path: `${path}?offset=${offset}&live=long-poll` });
          offset = nextOf(head);
        },
        close: () => connection.close(),
      };
    },
    // Its pages are as long as it likes.
    readAll: async (count) => {
      const connection = await Connection.open(url);
      let read = 0;
      for (let offset = '-1', idle = 0; read < count;) {
        const { head, body } = await connection.ask({ method: 'GET', path: `${path}?offset=${offset}` }, true);
        const found = (JSON.parse(body) as unknown[]).length;
        if (found === 0 && ++idle > PAGE) throw new Error(`${read} of ${count} messages are there`);
        if (found === 0) await sleep(1);
        read += found;
        offset = nextOf(head);
      }
      connection.close();
    },
  };
}
