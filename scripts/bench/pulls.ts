// pullToVoSpace of a large file from a local HTTP server into Swift, beside curl from the one into the other.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { curl } from './curl.ts';
import { megabytes, median, type Figure } from './figures.ts';
import { growthOf } from './process.ts';
import type { Swift } from './swift.ts';
import { creation, TOP, type World } from './world.ts';

const SIZE = Number(process.env['BENCH_PULL_MIB'] ?? 1024) * 1024 * 1024;
const ROUNDS = 3;
const rate = (seconds: number): string => `${(SIZE / 1e6 / seconds).toFixed(0)} MB/s`;

export async function pull(world: World, swift: Swift): Promise<Figure[]> {
  const source = await serve(world.sourcePort);
  const url = `http://127.0.0.1:${world.sourcePort}/large`;
  await world.call(creation(`${TOP}/pulled`, 'ContainerNode'));
  const [ours, direct, growth]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      direct.push(await timed(async () => curl(url, await swift.sign('PUT', 'pulled'))));
      const grown = await growthOf(world.pid, async () => {
        ours.push(await timed(() => fetched(world, url, `${TOP}/pulled/large`)));
      });
      // The first one includes the buffers that are kept.
      if (round > 0) growth.push(grown);
    }
  } finally {
    source.closeAllConnections();
    source.close();
  }
  return [
    {
      name: `pullToVoSpace of ${SIZE / 1024 ** 2} MiB over HTTP into Swift (peer: curl from the one into the other)`,
      ours: rate(median(ours)),
      peer: rate(median(direct)),
      value: median(direct) / median(ours),
      target: { atLeast: 0.7 },
    },
    {
      name: 'the same, memory added at most',
      ours: megabytes(Math.max(...growth)),
      peer: megabytes(SIZE),
      value: Math.max(...growth) / SIZE,
      target: { atMost: 0.1 },
    },
  ];
}

/** A site with one file of SIZE bytes, in ranges. */
async function serve(port: number): Promise<Server> {
  const piece = Buffer.alloc(1024 * 1024, 7);
  const server = createServer((request, response) => {
    const [, from = '0', to = String(SIZE - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(Number(to), SIZE - 1);
    let left = end - Number(from) + 1;
    const part = request.headers.range === undefined ? {} : { 'Content-Range': `bytes ${from}-${end}/${SIZE}` };
    response.writeHead(request.headers.range === undefined ? 200 : 206, { 'Content-Length': left, ETag: '"one"', ...part });
    const go = (): void => {
      while (left > 0) {
        const size = Math.min(left, piece.length);
        left -= size;
        if (!response.write(piece.subarray(0, size))) return void response.once('drain', go);
      }
      response.end();
    };
    go();
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function fetched(world: World, endpoint: string, path: string): Promise<void> {
  const protocols = [{ uri: 'ivo://ivoa.net/vospace/core#httpget', endpoint }];
  const body = JSON.stringify({ target: `vos://localhost~vospace/${path}`, direction: 'pullToVoSpace', protocols });
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const made = await world.call({ method: 'POST', path: '/vos/transfers?PHASE=RUN', headers, body });
  const job = new URL(made.headers.get('Location') ?? '').pathname;
  for (;;) {
    const told = (await (await world.call({ method: 'GET', path: `${job}?WAIT=50`, headers })).json()) as { phase: string };
    if (told.phase === 'COMPLETED') return;
    if (told.phase !== 'QUEUED' && told.phase !== 'EXECUTING') throw new Error(JSON.stringify(told));
  }
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
