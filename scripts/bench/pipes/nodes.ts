// WriteChunk of nodes that are there: one by one and in lists, beside the bare log, which pins nothing.
import { median, micros, perSecond, ratio, type Figure } from '../figures.ts';
import { TOP, type World } from '../world.ts';
import { bare } from './bare.ts';
import { createPipe, writerOf, type Pipe } from './ours.ts';
import { rounds, sideOf, type Side } from './write.ts';

const NODES = 250_000;
const BATCH = 20_000;
const LIST = 100;

/** Makes nodes with bytes of their own that nobody reads; answers the i-th name. */
export async function seedNodes(world: World, container: string, count: number): Promise<(i: number) => string> {
  const name = container.slice(TOP.length + 1);
  for (let from = 0; from < count; from += BATCH)
    await world.bench(`/seed?top=${TOP}&container=${name}&from=${from}&count=${Math.min(BATCH, count - from)}&bytes=256`);
  return (i) => {
    if (i >= count) throw new Error(`there are no more than ${count} nodes`);
    return `file-${String(i).padStart(7, '0')}`;
  };
}

export async function whenVisible(world: World, pipe: Pipe, count: number): Promise<void> {
  for (const start = performance.now(); ;) {
    const described = await (await world.call({ method: 'GET', path: pipe.path, headers: { Accept: 'application/json' } })).json();
    const { visible } = (described as { readonly counts: { readonly visible: number } }).counts;
    if (visible >= count) return;
    if (performance.now() - start > 120_000) throw new Error(`${visible} of ${count} chunks are visible`);
  }
}

export async function writeNodes(world: World): Promise<Figure[]> {
  const pipe = await createPipe(world, 'existing');
  const name = await seedNodes(world, pipe.src, NODES);
  const log = await bare(world).log('existing');
  let sent = 0;
  const compare = async (workers: number, list: number): Promise<readonly [Side, Side]> => {
    const sides = [
      sideOf('ours', () => writerOf(world, pipe, list, (i) => ({ name: name(i) })), list),
      sideOf('bare', () => log.writer(list), list),
    ] as const;
    for (const side of sides) side.sent = Math.ceil(sent / list);
    await rounds(world, sides, workers);
    sent = Math.max(...sides.map((side) => side.sent * list));
    return sides;
  };
  const figures: Figure[] = [];
  for (const workers of [1, 32]) {
    const [mine, peer] = await compare(workers, 1);
    const who = workers === 1 ? '1 writer' : `${workers} writers`;
    figures.push(
      ratio(`WriteChunk of nodes, ${who}, CPU (peer: bare log, inline)`, median(mine.cpu), median(peer.cpu), micros),
      ratio(`WriteChunk of nodes, ${who} (peer: bare log, inline)`, median(mine.rate), median(peer.rate), perSecond, { atLeast: 0.4 }),
    );
  }
  const [mine, peer] = await compare(1, LIST);
  const rate = median(mine.rate);
  const [ours, theirs] = [perSecond(rate), perSecond(median(peer.rate))];
  const name100 = `WriteChunk of nodes in lists of ${LIST}, chunks (peer: bare log, inline)`;
  figures.push({ name: name100, ours, peer: theirs, value: rate, unit: '/s', target: { atLeast: 2000 } });
  return figures;
}
