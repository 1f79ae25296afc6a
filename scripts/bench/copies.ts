// Copying a million nodes from one Space to another, beside bare rows inserted into a Durable Object in the same run.
import { ratio, type Figure } from './figures.ts';
import { fill } from './listings.ts';
import { TOP, creation, type World } from './world.ts';

const MANY = 1_000_000;
const BATCH = 20_000;
const CONTAINER = 'copied';
const THERE = 'copies';

interface Told {
  readonly phase: string;
  readonly errorSummary?: { readonly detail: string };
}

async function ended(world: World, job: string): Promise<void> {
  for (;;) {
    const path = `${new URL(job).pathname}?WAIT=50`;
    const told = (await (await world.callAsAdmin({ method: 'GET', path, headers: { Accept: 'application/json' } })).json()) as Told;
    if (told.phase === 'COMPLETED') return;
    if (told.phase !== 'QUEUED' && told.phase !== 'EXECUTING') throw new Error(`${told.phase} ${told.errorSummary?.detail ?? ''}`);
  }
}

export async function copy(world: World): Promise<Figure[]> {
  await fill(world, CONTAINER, MANY);
  await world.callAsAdmin(creation(THERE, 'ContainerNode'));
  const raw = performance.now();
  for (let from = 0; from < MANY; from += BATCH) await world.bench(`/raw?from=${from}&count=${BATCH}`);
  const rows = (MANY * 1000) / (performance.now() - raw);
  const uri = (path: string): string => `vos://localhost~vospace/${path}`;
  const body = JSON.stringify({ target: uri(`${TOP}/${CONTAINER}`), direction: uri(`${THERE}/${CONTAINER}`), keepBytes: true });
  const start = performance.now();
  const made = await world.callAsAdmin({
    method: 'POST',
    path: '/vos/transfers?PHASE=RUN',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  await ended(world, made.headers.get('Location') ?? '');
  const nodes = (MANY * 1000) / (performance.now() - start);
  await world.callAsAdmin({ method: 'GET', path: `/vos/nodes/${THERE}/${CONTAINER}/file-${String(MANY - 1).padStart(7, '0')}` });
  const perSecond = (value: number): string => `${Math.round(value)}/s`;
  return [
    ratio('copy of 1,000,000 nodes between Spaces, nodes a second (peer: bare rows inserted)', nodes, rows, perSecond, { atLeast: 0.2 }),
    {
      name: 'the same: nodes a second',
      ours: perSecond(nodes),
      peer: '',
      value: nodes,
      unit: '/s',
      target: { atLeast: 5000 },
    },
  ];
}
