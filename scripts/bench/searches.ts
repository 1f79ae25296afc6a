// Searching a million nodes: the first page, and a search to its end, by what is asked for.
import { median, millis, type Figure } from './figures.ts';
import { fill } from './listings.ts';
import { creation, TOP, type World } from './world.ts';

const MANY = 1_000_000;
const ROUNDS = 15;
const CONTAINER = 'searched';
/** All of them find the same nodes, the last of the million. */
const QUERIES: readonly (readonly [string, string])[] = [
  ['name', 'name=file-0999999'],
  ['beginning of a name', 'name=file-099999*'],
  ['part of a name', 'name=*99999*'],
  ['end of a name, rare', 'name=*-0999999'],
  ['property', 'property=urn:bench:mark'],
  ["property's value", 'property=urn:bench:mark=yes'],
  ['date', `date=${encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString())}..`],
  ['size, none of it', 'size=1..'],
  ['type', 'type=LinkNode'],
];

interface Page {
  readonly nodes: readonly unknown[];
  readonly cursor?: string;
}

async function page(world: World, query: string): Promise<Page> {
  const path = `/vos/search?below=/${TOP}/${CONTAINER}&${query}`;
  return (await (await world.call({ method: 'GET', path, headers: { Accept: 'application/json' } })).json()) as Page;
}

export async function search(world: World): Promise<Figure[]> {
  await fill(world, CONTAINER, MANY);
  const path = `${TOP}/${CONTAINER}/file-0999999`;
  const mark = creation(path, 'DataNode', [['urn:bench:mark', 'yes']]);
  await world.call({ ...mark, method: 'POST', path: `/vos/nodes/${path}` });
  const figures: Figure[] = [];
  for (const [name, query] of QUERIES) {
    const times: number[] = [];
    for (let i = -2; i < ROUNDS; i++) {
      const start = performance.now();
      await page(world, query);
      if (i >= 0) times.push(performance.now() - start);
    }
    const start = performance.now();
    let pages = 1;
    let found = 0;
    for (let answer = await page(world, query); ; pages++) {
      found += answer.nodes.length;
      if (answer.cursor === undefined) break;
      answer = await page(world, `${query}&cursor=${answer.cursor}`);
    }
    const whole = performance.now() - start;
    figures.push({
      name: `search in 1,000,000 by ${name}: first page (peer: all ${pages} pages, ${found} found)`,
      ours: millis(median(times)),
      peer: millis(whole),
      value: median(times),
      unit: ' ms',
      target: { atMost: 50 },
    });
  }
  return figures;
}
