// Our pipe as a peer, by HTTP as any client: inline chunks, or nodes that are there.
import { Connection } from '../load.ts';
import { creation, TOP, type World } from '../world.ts';
import { DATA, PAGE, type Log, type Peer } from './peer.ts';

export function ours(world: World): Peer {
  return { name: 'ours', log: async (name) => logOf(world, await createPipe(world, name)), close: async () => undefined };
}

const INLINE = Buffer.from(DATA).toString('base64');

/** What a pipe is written to and read by: the path of its URL. */
export interface Pipe {
  readonly path: string;
  readonly src: string;
  readonly dest: string;
}

/** From TOP/name-src to TOP/name-dest, with room for everything. */
export async function createPipe(world: World, name: string): Promise<Pipe> {
  const [src, dest] = [`${TOP}/${name}-src`, `${TOP}/${name}-dest`];
  for (const path of [src, dest]) await world.call(creation(path, 'ContainerNode'));
  const uri = (path: string): string => `vos://localhost~vospace/${path}`;
  const body = JSON.stringify({ src: uri(src), dest: uri(dest), options: { maxChunks: 1_000_000 } });
  const answer = await world.call({ method: 'POST', path: '/vos/pipes', headers: JSON_BOTH, body });
  return { path: new URL(answer.headers.get('Location') ?? '').pathname, src, dest };
}

export const JSON_BOTH = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** A connection that writes chunks: a single one in the short form, more in the form of a list. */
export async function writerOf(world: World, pipe: Pipe, list: number, chunk: (i: number) => object) {
  const connection = await Connection.open(world.service);
  const headers = { ...JSON_BOTH, Authorization: world.authorization };
  const body = (i: number): object => (list === 1 ? chunk(i) : { chunks: Array.from({ length: list }, (_, k) => chunk(i * list + k)) });
  return {
    work: (i: number) => connection.ask({ method: 'POST', path: `${pipe.path}/chunks`, headers, body: JSON.stringify(body(i)) }),
    close: () => connection.close(),
  };
}

export const stateOf = (body: string): string => /"state":"([^"]+)"/.exec(body.slice(body.lastIndexOf('"state"')))?.[1] ?? '';

/** A connection that reads pages. */
export async function readerOf(world: World, pipe: Pipe) {
  const connection = await Connection.open(world.service);
  const headers = { Accept: 'application/json', Authorization: world.authorization };
  return {
    page: async (query: string) => {
      const { body } = await connection.ask({ method: 'GET', path: `${pipe.path}/chunks?${query}`, headers }, true);
      return { body, state: stateOf(body) };
    },
    close: () => connection.close(),
  };
}

export function logOf(world: World, pipe: Pipe): Log {
  return {
    writer: (list) => writerOf(world, pipe, list, (i) => ({ name: `chunk-${i}`, data: INLINE })),
    reader: async () => {
      const reader = await readerOf(world, pipe);
      let { state } = await reader.page('state=now&timeout=0');
      return {
        next: async () => {
          const before = state;
          ({ state } = await reader.page(`state=${state}&timeout=50&urls=0`));
          if (state === before) throw new Error('nothing came within 50 seconds');
        },
        close: () => reader.close(),
      };
    },
    readAll: (count) => readAll(world, pipe, count, '&urls=0'),
  };
}

/** Reads in pages; throws when there are fewer chunks. */
export async function readAll(world: World, pipe: Pipe, count: number, more: string, from = '-1'): Promise<void> {
  const reader = await readerOf(world, pipe);
  let read = 0;
  for (let state = from; read < count;) {
    const page = await reader.page(`state=${state}&timeout=0&max=${PAGE}${more}`);
    const { chunks } = JSON.parse(page.body) as { readonly chunks: readonly unknown[] };
    if (chunks.length === 0) throw new Error(`${read} of ${count} chunks are there`);
    read += chunks.length;
    ({ state } = page);
  }
  reader.close();
}
