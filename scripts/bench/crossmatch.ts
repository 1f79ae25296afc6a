// The crossmatch of two catalogues through two services and their pipes, beside the same on local files.
import { starCatalogue } from '../crossmatch/catalogues.ts';
import { makeFlow } from '../crossmatch/flow.ts';
import { matchLocally, type Result } from '../crossmatch/local.ts';
import { stream } from '../crossmatch/run.ts';
import { BAND, SEED, surveyRun } from '../crossmatch/runs.ts';
import { startSites } from '../crossmatch/sites.ts';
import { median, type Figure } from './figures.ts';
import type { World } from './world.ts';

const ROUNDS = 5;

/** The services are its own, on the Swift of the others if there is one. The first round warms them up. */
export async function crossmatch({ swift }: Pick<World, 'swift'>): Promise<Figure[]> {
  const task = surveyRun(starCatalogue(), SEED, BAND);
  const sites = await startSites({ ...process.env, STORE: swift ? 'swift' : 'embedded' });
  try {
    const rounds: { readonly local: Result; readonly ours: Result; readonly more: number; readonly used: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const local = matchLocally(task);
      const course = await makeFlow(`round-${round}`, ...sites);
      const ours = await stream(task, course, sites, { arrived: () => undefined });
      if (round > 0) rounds.push({ local, ours, more: ours.seconds - local.seconds, used: ours.processor - local.processor });
    }
    const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
    return [
      {
        name: `crossmatch of ${task.reference.sources.length} with ${task.sources.sources.length} sources, services warm (peer: on local files)`,
        ours: `${of(({ ours }) => ours.seconds).toFixed(2)} s`,
        peer: `${of(({ local }) => local.seconds).toFixed(2)} s`,
        value: of(({ more }) => more),
        unit: ' s more',
        target: { atMost: 5 },
      },
      {
        name: 'the same, processor time of all processes',
        ours: `${of(({ ours }) => ours.processor).toFixed(2)} s`,
        peer: `${of(({ local }) => local.processor).toFixed(2)} s`,
        value: of(({ used }) => used),
        unit: ' s more',
      },
    ];
  } finally {
    await Promise.all(sites.map((site) => site.stop()));
  }
}
