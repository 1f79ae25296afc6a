// The pipes of one run: two catalogues into the place of the crossmatch, and its results out of it.
import { pipes, type Pipe } from '../../src/client/pipes.ts';
import type { Site } from './sites.ts';

/** Where each lies: the stars in one VOSpace, everything else in the other, where the crossmatch has all it needs beside it. */
export interface Flow {
  /** Chunks of the larger catalogue, with a margin: fetched from the other VOSpace. */
  readonly reference: Pipe;
  /** Chunks of the catalogue whose sources are to be found in it. Who claims one of them matches it. */
  readonly sources: Pipe;
  readonly matches: Pipe;
  /** Container in the VOSpace of the reference, where its archive puts its chunks. */
  readonly referenceFrom: string;
  readonly sourcesFrom: string;
  /** Where stages put what they make. */
  readonly madeAt: string;
}

/** Of the members of the stage. */
export const GROUP = 'crossmatch';
/** Seconds after which the chunk of a member that was killed goes to another. */
const LEASE = 10;

/** `run`: a name that no run before has had. */
export async function makeFlow(run: string, stars: Site, surveys: Site): Promise<Flow> {
  const [there, here] = [`vos://${stars.authority}/${stars.user}`, `/${surveys.user}/${run}`];
  await surveys.space.nodes.create(here, { type: 'ContainerNode' });
  const all = pipes(surveys.space);
  const credentials = [{ authority: stars.authority, user: stars.user, password: stars.password }];
  const places = { referenceFrom: `/${stars.user}/${run}`, sourcesFrom: `${here}/sources`, madeAt: `${here}/made` };
  // Bands do not wait for each other.
  const options = { order: 'ready', parallel: 8 } as const;
  const [reference, sources, matches] = await Promise.all([
    all.create({ src: `${there}/${run}`, dest: `${here}/reference`, credentials, options }),
    all.create({ src: places.sourcesFrom, dest: `${here}/crossmatch`, options }),
    all.create({ src: places.madeAt, dest: `${here}/matches`, options }),
  ]);
  await sources.group(GROUP).create({ lease: LEASE });
  return { ...places, reference, sources, matches };
}
