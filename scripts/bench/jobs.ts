// A storm of jobs: a thousand submitted at once, and the list of them while they run and afterwards.
import { median, millis, type Figure } from './figures.ts';
import { creation, TOP, type World } from './world.ts';

const JOBS = 1000;
const ROUNDS = 15;
const LONGEST = 300_000;

interface Listed {
  readonly jobs: readonly { readonly phase: string }[];
}

async function list(world: World): Promise<Listed> {
  const path = `/vos/async-size?LAST=${JOBS}`;
  return (await (await world.call({ method: 'GET', path, headers: { Accept: 'application/json' } })).json()) as Listed;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export async function jobs(world: World): Promise<Figure[]> {
  await world.call(creation(`${TOP}/storm`, 'ContainerNode'));
  for (let i = 0; i < 10; i++) await world.call(creation(`${TOP}/storm/n${i}`, 'DataNode'));
  const start = performance.now();
  const body = `TARGET=vos://localhost~vospace/${TOP}/storm`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const submitted = await timed(() =>
    Promise.all(Array.from({ length: JOBS }, () => world.call({ method: 'POST', path: '/vos/async-size?PHASE=RUN', headers, body }))),
  );
  const busy: number[] = [];
  for (let left = JOBS; left > 0;) {
    const begun = performance.now();
    if (begun - start > LONGEST) throw new Error(`${left} jobs have not ended`);
    const phases = (await list(world)).jobs.map(({ phase }) => phase);
    busy.push(performance.now() - begun);
    if (phases.includes('ERROR')) throw new Error('a job failed');
    left = JOBS - phases.filter((phase) => phase === 'COMPLETED').length;
  }
  const all = performance.now() - start;
  const quiet: number[] = [];
  for (let i = 0; i < ROUNDS; i++) quiet.push(await timed(() => list(world)));
  return [
    {
      name: `${JOBS} jobs submitted at once: until the last has ended (peer: until all are accepted)`,
      ours: millis(all),
      peer: millis(submitted),
      value: all / JOBS,
      unit: ' ms a job',
    },
    {
      name: `the list of ${JOBS} jobs while they run (peer: when all have ended)`,
      ours: millis(median(busy)),
      peer: millis(median(quiet)),
      value: median(busy),
      unit: ' ms',
      target: { atMost: 100 },
    },
  ];
}
