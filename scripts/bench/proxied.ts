// Bytes through the service (/files), beside Swift used directly.
import { megabytes, median, type Figure } from './figures.ts';
import { growthOf } from './process.ts';
import type { Swift } from './swift.ts';
import { creation, TOP, type World } from './world.ts';

const SIZE = 256 * 1024 * 1024;
const ROUNDS = 3;
const rate = (seconds: number): string => `${(SIZE / 1e6 / seconds).toFixed(0)} MB/s`;

export async function proxied(world: World, swift: Swift): Promise<Figure[]> {
  await world.call(creation(`${TOP}/through`, 'ContainerNode'));
  const file = `${world.service}/vos/files/${TOP}/through/large`;
  const headers = { Authorization: world.authorization };
  const bytes = new Uint8Array(SIZE).fill(7);
  const times = { up: [] as number[], upDirect: [] as number[], down: [] as number[], downDirect: [] as number[] };
  const growth: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.upDirect.push(await send(await swift.sign('PUT', 'large'), {}, bytes));
    times.downDirect.push(await receive(await swift.sign('GET', 'large'), {}));
    const grown = await growthOf(world.pid, async () => {
      times.up.push(await send(file, headers, bytes));
      times.down.push(await receive(`${file}?via=service`, headers));
    });
    // The first one includes the buffers that are kept.
    if (round > 0) growth.push(grown);
  }
  const figure = (name: string, ours: readonly number[], direct: readonly number[], atLeast: number): Figure => ({
    name: `256 MiB ${name} (peer: Swift directly)`,
    ours: rate(median(ours)),
    peer: rate(median(direct)),
    value: median(direct) / median(ours),
    target: { atLeast },
  });
  return [
    figure('up through /files', times.up, times.upDirect, 0.6),
    figure('down through /files', times.down, times.downDirect, 0.8),
    {
      name: 'the same, memory added at most',
      ours: megabytes(Math.max(...growth)),
      peer: megabytes(SIZE),
      value: Math.max(...growth) / SIZE,
      target: { atMost: 0.1 },
    },
  ];
}

/** Seconds. */
async function send(url: string, headers: Record<string, string>, body: Uint8Array<ArrayBuffer>): Promise<number> {
  const start = performance.now();
  const answer = await fetch(url, { method: 'PUT', headers, body });
  if (answer.status !== 201) throw new Error(`PUT of ${SIZE} bytes: ${answer.status} ${await answer.text()}`);
  return (performance.now() - start) / 1000;
}

async function receive(url: string, headers: Record<string, string>): Promise<number> {
  const start = performance.now();
  const answer = await fetch(url, { headers });
  let received = 0;
  if (answer.body) for await (const part of answer.body) received += part.length;
  if (received !== SIZE) throw new Error(`GET of ${SIZE} bytes: ${answer.status}, ${received} bytes`);
  return (performance.now() - start) / 1000;
}
