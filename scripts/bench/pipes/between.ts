// Bytes from one service to another, both on Swift: from WriteChunk until the reader knows that they are there, beside curl from Swift to Swift.
import { curl } from '../curl.ts';
import { megabytes, median, type Figure } from '../figures.ts';
import { growthOf } from '../process.ts';
import type { Swift } from '../swift.ts';
import { creation, FAR, TOP, type World } from '../world.ts';
import { bodyOf, negotiate, put, type Body } from './bytes.ts';
import { JSON_BOTH, readerOf, writerOf, type Pipe } from './ours.ts';

const SIZE = 64 * 1024 * 1024;
const LARGE = 256 * 1024 * 1024;
const ROUNDS = 5;

export async function between(world: World, swift: Swift): Promise<Figure[]> {
  const far = await world.openFar();
  try {
    return await measure(world, swift, await pipeTo(world, far));
  } finally {
    await far.close();
  }
}

/** To a container of the other service, with what its user signs in by. */
async function pipeTo(world: World, far: World): Promise<Pipe> {
  const src = `${TOP}/between-src`;
  const dest = `${TOP}/between-dest`;
  await world.call(creation(src, 'ContainerNode'));
  const [user, password] = Buffer.from(far.authorization.slice('Basic '.length), 'base64').toString().split(':');
  const ends = { src: `vos://localhost~vospace/${src}`, dest: `vos://${FAR}/${dest}` };
  // Its first request makes the user's own container there.
  await (await far.call({ method: 'GET', path: '/vos/me' })).body?.cancel();
  const body = JSON.stringify({ ...ends, credentials: [{ authority: FAR, user, password }] });
  const answer = await world.call({ method: 'POST', path: '/vos/pipes', headers: JSON_BOTH, body });
  return { path: new URL(answer.headers.get('Location') ?? '').pathname, src, dest };
}

async function measure(world: World, swift: Swift, pipe: Pipe): Promise<Figure[]> {
  const body = bodyOf(SIZE);
  await swift.put('between', body.bytes);
  const writer = await writerOf(world, pipe, 1, (i) => ({ name: `chunk-${i}` }));
  const reader = await readerOf(world, pipe);
  let { state } = await reader.page('state=now&timeout=0');
  /** Seconds from WriteChunk until the reader has heard that the chunk is there. */
  const send = async (i: number, of: Body): Promise<number> => {
    const [url = ''] = await negotiate(world, pipe, [`chunk-${i}`], of.bytes.length);
    await put(url, of);
    // It is committed when it is read: that is no part of what is measured.
    await (await world.call({ method: 'GET', path: `/vos/nodes/${pipe.src}/chunk-${i}` })).body?.cancel();
    return timed(async () => {
      const arrived = reader.page(`state=${state}&timeout=50`);
      await writer.work(i);
      const page = await arrived;
      ({ state } = page);
      if (!page.body.includes('"status":"ready"')) throw new Error(page.body.slice(0, 500));
    });
  };
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const [from, to] = [await swift.sign('GET', 'between'), await swift.sign('PUT', `between-${round}`)];
    const direct = await timed(() => curl(from, to));
    const ours = await send(round, body);
    if (round === 0) continue;
    mine.push(ours);
    theirs.push(direct);
  }
  const large = bodyOf(LARGE);
  const growth = await growthOf(world.pid, async () => void (await send(ROUNDS + 1, large)));
  for (const one of [writer, reader]) one.close();
  const rate = (seconds: number): string => `${(SIZE / 1e6 / seconds).toFixed(0)} MB/s`;
  const [all, alone] = [median(mine), median(theirs)];
  return [
    {
      name: '64 MiB to another service, from WriteChunk to the reader (peer: curl from Swift to Swift)',
      ours: rate(all),
      peer: rate(alone),
      value: alone / all,
      target: { atLeast: 0.5 },
    },
    {
      name: '256 MiB to another service, memory added at most',
      ours: megabytes(growth),
      peer: megabytes(LARGE),
      value: growth / LARGE,
      target: { atMost: 0.25 },
    },
  ];
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
