// The pipes of one run, made as flow.yaml declares them: two catalogues into the place of the crossmatch, and its results out of it.
import { fileURLToPath } from 'node:url';
import { pipes, type Pipe } from '../../src/client/pipes.ts';
import type { Config } from '../../src/cli/config.ts';
import { differenceOf } from '../../src/cli/flow/difference.ts';
import type { Flow } from '../../src/cli/flow/model.ts';
import { findFlow, findRecords, readFlow, siteOf } from '../../src/cli/flow/site.ts';
import { apply } from '../../src/cli/flow/up.ts';
import { Spaces } from '../../src/cli/spaces.ts';
import type { Site } from './sites.ts';

/** The stars are in one VOSpace, everything else is in the other, where the crossmatch has all it needs beside it. */
export interface Course {
  /** Chunks of the larger catalogue, with a margin: fetched from the other VOSpace. */
  readonly reference: Pipe;
  /** Chunks of the catalogue whose sources are to be found in it. Who claims one of them matches it. */
  readonly sources: Pipe;
  readonly matches: Pipe;
  /** URI of the container in the VOSpace of the reference, where its archive puts its chunks. */
  readonly referenceFrom: string;
  readonly sourcesFrom: string;
  /** Where members of the stage put what they make. */
  readonly madeAt: string;
}

/** Of the members of the stage. */
export const GROUP = 'crossmatch';
const FLOW_FILE = fileURLToPath(new URL('flow.yaml', import.meta.url));

/** The configuration of somebody who has signed in to both: for commands, too. */
export function configOf(stars: Site, surveys: Site): Config {
  const service = ({ base, user, password }: Site) => ({ url: base, user, password });
  return { default: surveys.authority, services: { [stars.authority]: service(stars), [surveys.authority]: service(surveys) } };
}

/** `run`: its name, and that of its containers. */
export async function makeFlow(run: string, stars: Site, surveys: Site): Promise<Course> {
  const { signal } = new AbortController();
  const site = await siteOf(renamed(readFlow(FLOW_FILE), run), new Spaces(configOf(stars, surveys), {}), signal);
  const { changes } = differenceOf(site.declared, await findFlow(site, signal));
  await apply(site, changes, { signal, force: false });
  const records = await findRecords(site, signal);
  const pipe = (name: string): Pipe => pipes(surveys.space).open(records.get(name)?.id ?? '');
  const at = (name: string): string => site.containers.get(name) ?? '';
  return {
    reference: pipe('reference'),
    sources: pipe('sources'),
    matches: pipe('matches'),
    referenceFrom: at('stars'),
    sourcesFrom: at('sources'),
    madeAt: at('made'),
  };
}

/** The same flow under another name, elsewhere. */
function renamed(flow: Flow, run: string): Flow {
  const rename = (at: string): string => at.replace(new RegExp(`/${flow.name}(?=/|$)`), `/${run}`);
  return { ...flow, name: run, home: rename(flow.home), containers: flow.containers.map(({ name, at }) => ({ name, at: rename(at) })) };
}
