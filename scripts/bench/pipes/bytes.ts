// Bytes through a pipe inside one service on Swift: from the writer's PUT to the reader's verified GET, beside the same PUTs and GETs alone.
import { createHash } from 'node:crypto';
import { median, millis, type Figure } from '../figures.ts';
import type { Swift } from '../swift.ts';
import type { World } from '../world.ts';
import { createPipe, JSON_BOTH, readerOf, writerOf, type Pipe } from './ours.ts';

const MIB = 1024 * 1024;
/**
 * How a writer sends: by PUT /files, or to a signed URL of the store. A signed URL may be used again, so that what came by it has to be sealed,
 * which for small bytes takes longer than sending them: the target is that of the way that is right for the size.
 */
type Way = 'files' | 'signed';
interface Case {
  readonly words: string;
  readonly bytes: number;
  readonly rounds: number;
  readonly many: number;
  readonly way: Way;
  readonly target?: number;
}
const SMALL = { words: '1 MiB', bytes: MIB, rounds: 30, many: 100 };
const LARGE = { words: '64 MiB', bytes: 64 * MIB, rounds: 9, many: 8 };
const CASES: readonly Case[] = [
  { ...SMALL, way: 'files', target: 0.5 },
  { ...SMALL, way: 'signed' },
  { ...LARGE, way: 'signed', target: 0.9 },
  { ...LARGE, way: 'files' },
];
const WORDS = { files: 'by PUT /files', signed: 'by a signed URL' } as const;
/** PUTs under way at a time, and as many GETs. */
const AT_ONCE = 4;
/** A first round, which does not count, is added. */
const STREAMS = 3;

export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly md5: string;
}

export function bodyOf(length: number): Body {
  const bytes = new Uint8Array(
    Buffer.alloc(
      length,
      Uint8Array.from({ length: 251 }, (_, i) => (i * 31) % 251),
    ),
  );
  return { bytes, md5: createHash('md5').update(bytes).digest('hex') };
}

export async function put(url: string, { bytes }: Body): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body: bytes });
  await answer.body?.cancel();
  if (answer.status !== 201) throw new Error(`the store answered ${answer.status}`);
}

async function getVerified(url: string, md5: string): Promise<void> {
  const answer = await fetch(url);
  const hash = createHash('md5');
  if (answer.body) for await (const part of answer.body) hash.update(part);
  if (!answer.ok || hash.digest('hex') !== md5) throw new Error(`${answer.status}: the bytes are not those that were written`);
}

export async function bytes(world: World, swift: Swift): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const one of CASES) {
    const pipe = await createPipe(world, `bytes-${one.way}-${one.bytes}`);
    const body = bodyOf(one.bytes);
    figures.push(...(await oneByOne(world, swift, pipe, body, one)), await asStream(world, swift, pipe, body, one));
  }
  return figures;
}

async function putFile(world: World, pipe: Pipe, name: string, { bytes: body }: Body): Promise<void> {
  const headers = { Authorization: world.authorization };
  const answer = await fetch(`${world.service}/vos/files/${pipe.src}/${name}`, { method: 'PUT', headers, body });
  await answer.body?.cancel();
  if (answer.status !== 201) throw new Error(`the service answered ${answer.status}`);
}

/** Signed URLs for new nodes, by one call. */
export async function negotiate(world: World, pipe: Pipe, names: readonly string[], length: number): Promise<readonly string[]> {
  const items = names.map((name) => ({ path: `/${pipe.src}/${name}`, length }));
  const answer = await world.call({ method: 'POST', path: '/vos/uploads', headers: JSON_BOTH, body: JSON.stringify({ items }) });
  return ((await answer.json()) as { readonly items: readonly { readonly url: string }[] }).items.map(({ url }) => url);
}

interface Notice {
  readonly name: string;
  readonly url: string;
  readonly md5?: string;
}
const noticesOf = (page: string): readonly Notice[] => (JSON.parse(page) as { readonly chunks: readonly Notice[] }).chunks;

const PARTS = ['negotiate', 'PUT', 'WriteChunk', 'ReadChunks', 'verified GET'] as const;
/** Milliseconds. */
type Times = Readonly<Record<(typeof PARTS)[number], number>>;
const sumOf = (times: Times): number => PARTS.reduce((sum, part) => sum + times[part], 0);

async function oneByOne(
  world: World,
  swift: Swift,
  pipe: Pipe,
  body: Body,
  { words, bytes: length, rounds, way, target }: Case,
): Promise<Figure[]> {
  const writer = await writerOf(world, pipe, 1, (i) => ({ name: `one-${i}` }));
  const reader = await readerOf(world, pipe);
  const mine: Times[] = [];
  const theirs: Times[] = [];
  let { state } = await reader.page('state=now&timeout=0');
  for (let i = 0; i <= rounds; i++) {
    const direct = await laps(
      ['PUT', async () => put(await swift.sign('PUT', `one-${i}`), body)],
      ['verified GET', async () => getVerified(await swift.sign('GET', `one-${i}`), body.md5)],
    );
    const arrived = reader.page(`state=${state}&timeout=50`);
    let url: string | undefined;
    let page = '';
    const ours = await laps(
      ['negotiate', async () => void (way === 'signed' && ([url] = await negotiate(world, pipe, [`one-${i}`], length)))],
      ['PUT', () => (url === undefined ? putFile(world, pipe, `one-${i}`, body) : put(url, body))],
      ['WriteChunk', () => writer.work(i)],
      ['ReadChunks', async () => void ({ body: page, state } = await arrived)],
      ['verified GET', () => getVerified(noticesOf(page)[0]?.url ?? '', body.md5)],
    );
    if (i === 0) continue;
    theirs.push(direct);
    mine.push(ours);
  }
  for (const one of [writer, reader]) one.close();
  const [all, alone] = [median(mine.map(sumOf)), median(theirs.map(sumOf))];
  return [
    {
      name: `${words} ${WORDS[way]}, to the verified GET (peer: PUT and GET directly)`,
      ours: millis(all),
      peer: millis(alone),
      value: alone / all,
      ...(target !== undefined && { target: { atLeast: target } }),
    },
    ...PARTS.filter((part) => way === 'signed' || part !== 'negotiate').map((part) => {
      const [ours, direct] = [mine, theirs].map((times) => median(times.map((one) => one[part])));
      return { name: `… ${part}, and its share`, ours: millis(ours ?? 0), peer: direct ? millis(direct) : '', value: (ours ?? 0) / all };
    }),
  ];
}

/** What each part takes, one after another; nothing for what is not named. */
async function laps(...parts: readonly (readonly [keyof Times, () => Promise<unknown>])[]): Promise<Times> {
  const times = { negotiate: 0, PUT: 0, WriteChunk: 0, ReadChunks: 0, 'verified GET': 0 };
  for (const [part, work] of parts) {
    const start = performance.now();
    await work();
    times[part] = performance.now() - start;
  }
  return times;
}

/** Writers and readers at the same time; the URLs are negotiated by one call, which counts. */
async function asStream(world: World, swift: Swift, pipe: Pipe, body: Body, one: Case): Promise<Figure> {
  const { words, bytes: length, many, way, target } = one;
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= STREAMS; round++) {
    const names = Array.from({ length: many }, (_, i) => `stream-${round}-${i}`);
    const direct = await timed(() =>
      flow(
        names,
        async (name) => put(await swift.sign('PUT', name), body),
        async (name) => getVerified(await swift.sign('GET', name), body.md5),
      ),
    );
    const ours = await timed(() => throughPipe(world, pipe, names, body, way));
    if (round === 0) continue;
    theirs.push(direct);
    mine.push(ours);
  }
  const [all, alone] = [median(mine), median(theirs)];
  return {
    name: `${many} × ${words} ${WORDS[way]} through the pipe, ${AT_ONCE} at a time (peer: PUT and GET directly)`,
    ours: rate(many * length, all),
    peer: rate(many * length, alone),
    value: alone / all,
    ...(target !== undefined && { target: { atLeast: target } }),
  };
}

const rate = (length: number, milliseconds: number): string => `${(length / 1000 / milliseconds).toFixed(0)} MB/s`;

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** AT_ONCE writers, and as many readers that take what has been written. */
async function flow(
  names: readonly string[],
  write: (name: string) => Promise<void>,
  read: (name: string) => Promise<void>,
): Promise<void> {
  const reading = new Set<Promise<void>>();
  await inTurns(names, async (name) => {
    await write(name);
    while (reading.size >= AT_ONCE) await Promise.race(reading);
    const one = read(name).finally(() => reading.delete(one));
    reading.add(one);
  });
  await Promise.all(reading);
}

async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function throughPipe(world: World, pipe: Pipe, names: readonly string[], body: Body, way: Way): Promise<void> {
  const reader = await readerOf(world, pipe);
  let { state } = await reader.page('state=now&timeout=0');
  const signed = way === 'signed' ? negotiate(world, pipe, names, body.bytes.length) : Promise.resolve([]);
  const writing = signed.then((urls) =>
    inTurns(
      names.map((name, i) => ({ name, url: urls[i] })),
      async ({ name, url }) => {
        await (url === undefined ? putFile(world, pipe, name, body) : put(url, body));
        const chunk = JSON.stringify({ name });
        await (await world.call({ method: 'POST', path: `${pipe.path}/chunks`, headers: JSON_BOTH, body: chunk })).body?.cancel();
      },
    ),
  );
  const reading = (async () => {
    for (let left = names.length; left > 0;) {
      const page = await reader.page(`state=${state}&timeout=50`);
      ({ state } = page);
      const notices = noticesOf(page.body);
      left -= notices.length;
      await inTurns(notices, ({ url }) => getVerified(url, body.md5));
    }
  })();
  await Promise.all([writing, reading]);
  reader.close();
}
