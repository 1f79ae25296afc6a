// A tar of 10,000 files of 10 KiB, beside reading the files one after another from the store.
import { megabytes, ratio, type Figure } from './figures.ts';
import { growthOf } from './process.ts';
import { creation, TOP, type World } from './world.ts';

const FILES = 10_000;
const SIZE = 10 * 1024;
/** Files that are read one by one: enough to tell a rate. */
const SAMPLE = 2000;
const AT_A_TIME = 8;

export async function archive(world: World): Promise<Figure[]> {
  const top = `${TOP}/packed`;
  await world.call(creation(top, 'ContainerNode'));
  const bytes = new Uint8Array(SIZE).fill(7);
  const headers = { Authorization: world.authorization };
  const files = `${world.service}/vos/files`;
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < FILES) {
      const answer = await fetch(`${files}/${top}/f${next++}`, { method: 'PUT', headers, body: bytes });
      if (answer.status !== 201) throw new Error(`PUT: ${answer.status} ${await answer.text()}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, send));

  const urls: string[] = [];
  for (let i = 0; i < SAMPLE; i++) {
    const answer = await fetch(`${files}/${top}/f${i}`, { headers, redirect: 'manual' });
    urls.push(answer.headers.get('Location') ?? '');
  }
  const read = async (url: string, more: Record<string, string>): Promise<number> => {
    const answer = await fetch(url, { headers: more });
    let received = 0;
    if (answer.body) for await (const part of answer.body) received += part.length;
    if (answer.status !== 200) throw new Error(`GET: ${answer.status}`);
    return received;
  };
  const rateOf = async (count: number, work: (i: number) => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < count; i++) await work(i);
    return (count * 1000) / (performance.now() - start);
  };
  const rates = { tar: [] as number[], store: [] as number[], service: [] as number[], growth: [] as number[] };
  for (let round = 0; round < 3; round++) {
    rates.store.push(await rateOf(SAMPLE, (i) => read(urls[i] ?? '', {})));
    rates.service.push(await rateOf(SAMPLE, (i) => read(`${files}/${top}/f${i}?via=service`, headers)));
    const growth = await growthOf(world.pid, async () => {
      const start = performance.now();
      const received = await read(`${files}/${top}?view=tar`, headers);
      if (received < FILES * SIZE) throw new Error(`the tar has ${received} bytes`);
      rates.tar.push((FILES * 1000) / (performance.now() - start));
    });
    // The first one includes the buffers that are kept.
    if (round > 0) rates.growth.push(growth);
  }
  const best = (values: readonly number[]): number => Math.max(...values);
  const rate = (perSecond: number): string => `${perSecond.toFixed(0)} files/s`;
  const grown = best(rates.growth);
  return [
    ratio('tar of 10,000 × 10 KiB (peer: from the store, one after another)', best(rates.tar), best(rates.store), rate, { atLeast: 0.8 }),
    ratio('the same (peer: through /files, one after another)', best(rates.tar), best(rates.service), rate, { atLeast: 0.8 }),
    {
      name: 'the same, memory added at most',
      ours: megabytes(grown),
      peer: megabytes(FILES * SIZE),
      value: grown / (FILES * SIZE),
      target: { atMost: 0.25 },
    },
  ];
}
