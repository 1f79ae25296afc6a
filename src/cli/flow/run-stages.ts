// `vopipe flow run` and `vopipe flow up --run`: the stages of a flow in the foreground.
import { readSeconds } from '../arguments.ts';
import type { Context, Options, Values } from '../command.ts';
import { EXIT, type Exit } from '../exit.ts';
import { didYouMean } from '../nearest.ts';
import { endingNote, isPartly } from '../stage/report.ts';
import { UsageTrouble } from '../trouble.ts';
import type { FlowStage } from './model.ts';
import { reportRun } from './run-report.ts';
import type { Site } from './site.ts';
import { runStages } from './stages.ts';

export const RUN_OPTIONS = {
  until: {
    type: 'string',
    oneOf: ['closed', 'tail'],
    help: 'stages end when what they read is closed (default), or when all that is there is done',
  },
  grace: { type: 'string', value: 'TIME', help: 'what running programs have to end after Ctrl-C; default 10s' },
  verbose: { type: 'boolean', short: 'v', help: 'show what the programs say' },
} as const satisfies Options;

/** Those of the names; all where there is none. Throws UsageTrouble for a name that no stage has. */
export function stagesNamed(command: string, { flow }: Pick<Site, 'flow'>, names: readonly string[]): readonly FlowStage[] {
  if (names.length === 0) return flow.stages;
  return names.map((name) => {
    const stage = flow.stages.find((one) => one.name === name);
    if (stage) return stage;
    const known = flow.stages.map((one) => one.name);
    throw new UsageTrouble(`${command}: the flow has no stage ${JSON.stringify(name)}${didYouMean(name, known)}`, command);
  });
}

export async function runThem(
  command: string,
  context: Context,
  site: Site,
  stages: readonly FlowStage[],
  options: Values<typeof RUN_OPTIONS>,
): Promise<Exit> {
  const { environment, signal } = context;
  const grace = readSeconds(command, 'grace', options.grace, 0, 86_400);
  const report = reportRun(
    context,
    stages.map(({ name }) => name),
  );
  const ending = (): void => report.note(endingNote(grace));
  signal.addEventListener('abort', ending, { once: true });
  try {
    const tallies = await runStages(site, stages, {
      environment,
      signal,
      until: options.until === 'tail' ? 'tail' : 'closed',
      tell: report.tell,
      failed: report.failed,
      ...(options.verbose && { said: report.said }),
      ...(grace !== undefined && { grace }),
    });
    await report.end(tallies);
    const all = [...tallies.values()];
    if (all.some(({ ended }) => ended === 'stopped')) return EXIT.interrupted;
    return all.some(isPartly) ? EXIT.partly : EXIT.done;
  } finally {
    signal.removeEventListener('abort', ending);
    await report.end();
  }
}
