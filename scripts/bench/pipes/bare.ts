// The bare log in a Durable Object as a peer: what the runtime allows.
import { Connection } from '../load.ts';
import type { World } from '../world.ts';
import { DATA, type Log, type Peer } from './peer.ts';

export function bare(world: World): Peer {
  return { name: 'bare log', log: async (name) => logOf(world.log, `/${name}`), close: async () => undefined };
}

function logOf(url: string, path: string): Log {
  return {
    writer: async (list) => {
      const connection = await Connection.open(url);
      const chunk = (i: number): object => ({ name: `chunk-${i}`, data: DATA });
      const body = (i: number): string =>
        JSON.stringify(list === 1 ? chunk(i) : Array.from({ length: list }, (_, k) => chunk(i * list + k)));
      return { work: (i) => connection.ask({ method: 'POST', path, body: body(i) }), close: () => connection.close() };
    },
    reader: async () => {
      const connection = await Connection.open(url);
      let from = (await connection.ask({ method: 'GET', path: `${path}/last` }, true)).body;
      return {
        next: async () => {
          const { body } = await connection.ask({ method: 'GET', path: `${path}?from=${from}&wait=1` }, true);
          from = lastOf(body);
        },
        close: () => connection.close(),
      };
    },
    readAll: async (count) => {
      const connection = await Connection.open(url);
      for (let from = '0'; Number(from) < count;) {
        const { body } = await connection.ask({ method: 'GET', path: `${path}?from=${from}` }, true);
        if ((JSON.parse(body) as unknown[]).length === 0) throw new Error(`${from} of ${count} chunks are there`);
        from = lastOf(body);
      }
      connection.close();
    },
  };
}

function lastOf(page: string): string {
  return /^\{"seq":(\d+)/.exec(page.slice(page.lastIndexOf('{"seq":')))?.[1] ?? '0';
}
