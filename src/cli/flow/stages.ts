// The stages of a flow, run in this process: each begun again after growing pauses when it fails, and ended together.
import type { Environment } from '../command.ts';
import { VospaceError } from '../../client/error.ts';
import { pipes, type Pipe } from '../../client/pipes.ts';
import { RUNTIME } from '../../client/runtime.ts';
import { EXIT } from '../exit.ts';
import { given } from '../given.ts';
import { Counter } from '../stage/counter.ts';
import { destinationOf } from '../stage/destination.ts';
import { ensureGroup } from '../stage/group.ts';
import { programWork } from '../stage/program-work.ts';
import { runStage } from '../stage/run.ts';
import type { StageEvent, Tally } from '../stage/stage.ts';
import type { Work } from '../stage/task.ts';
import { Trouble } from '../trouble.ts';
import { pipeOf, type FlowStage } from './model.ts';
import { findRecords, spaceOfRecord, type Site } from './site.ts';
import type { PipeRecord } from './record.ts';

export interface Running {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly until: 'closed' | 'tail';
  readonly grace?: number;
  readonly tell: (stage: string, event: StageEvent) => void;
  /** A stage has ended by itself, and is begun again after so many seconds. */
  readonly failed: (stage: string, error: Error, seconds: number) => void;
  readonly said?: (stage: string, seq: number, text: string) => void;
  /** Work that is done in this process instead of the stage's program, by the names of stages. */
  readonly work?: Readonly<Record<string, Work>>;
}

/** Milliseconds: a stage that has run for so long has not failed at its beginning. */
const HEALTHY = 60_000;
/** Failures in a row at the beginning before a stage is given up. */
const MOST_FAILURES = 10;

interface Counted {
  readonly stage: FlowStage;
  /** Of all that it does, however often it begins again. */
  readonly counter: Counter;
}

/** Resolves when all have ended: by the name of the stage. Throws Trouble for one whose pipes are not there, before any begins. */
export async function runStages(site: Site, stages: readonly FlowStage[], running: Running): Promise<ReadonlyMap<string, Tally>> {
  const records = await findRecords(site, running.signal);
  for (const { name, input, output } of stages)
    for (const pipe of [input, ...(output === undefined ? [] : [output])])
      if (records.get(pipe)?.id === undefined)
        throw new Trouble(`stage ${name}: the pipe ${pipe} is not there`, {
          exit: EXIT.notFound,
          advice: 'vopipe flow up makes what a flow declares.',
        });
  const counted = stages.map((stage) => ({ stage, counter: new Counter() }));
  const done = (): number => counted.reduce((sum, { counter }) => sum + counter.sums.done, 0);
  for (;;) {
    const before = done();
    const tallies = await runTogether(site, counted, records, running);
    // At its tail a stage may have ended before another brought it more.
    const isDone = running.until === 'closed' || running.signal.aborted || done() === before;
    if (isDone || stages.length === 1) return tallies;
  }
}

/** One that cannot go on ends the others, which give back what they have. */
async function runTogether(
  site: Site,
  stages: readonly Counted[],
  records: ReadonlyMap<string, PipeRecord>,
  running: Running,
): Promise<ReadonlyMap<string, Tally>> {
  const over = new AbortController();
  const signal = AbortSignal.any([running.signal, over.signal]);
  const results = await Promise.allSettled(
    stages.map(async ({ stage, counter }) => {
      const tell: Running['tell'] = (name, event) => {
        counter.count(event);
        running.tell(name, event);
      };
      try {
        const ended = await supervise(site, stage, records, { ...running, tell, signal });
        return [stage.name, { ...counter.sums, ended }] as const;
      } catch (thrown) {
        over.abort(thrown);
        throw thrown;
      }
    }),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return new Map(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}

async function supervise(
  site: Site,
  stage: FlowStage,
  records: ReadonlyMap<string, PipeRecord>,
  running: Running,
): Promise<Tally['ended']> {
  const { signal } = running;
  for (let failures = 0; ;) {
    const began = performance.now();
    try {
      return (await runOne(site, stage, records, running)).ended;
    } catch (thrown) {
      if (signal.aborted) return 'stopped';
      failures = performance.now() - began > HEALTHY ? 1 : failures + 1;
      if (!(thrown instanceof VospaceError) || failures >= MOST_FAILURES || isForGood(thrown)) throw named(stage, thrown);
      const seconds = Math.min(300, 2 ** (failures - 1));
      running.failed(stage.name, thrown, seconds);
      await RUNTIME.sleep(seconds * 1000, signal).catch(() => undefined);
    }
  }
}

/** What nobody mends by waiting. */
function isForGood({ fault }: VospaceError): boolean {
  return ['PipeNotFound', 'PipeDestroyed', 'NotAuthenticated', 'InvalidArgument', 'PipeClosed'].includes(fault);
}

function named({ name }: FlowStage, thrown: unknown): unknown {
  if (thrown instanceof Trouble)
    return new Trouble(`stage ${name}: ${thrown.message}`, { exit: thrown.exit, ...(thrown.advice && { advice: thrown.advice }) });
  if (!(thrown instanceof VospaceError)) return thrown;
  return new VospaceError(thrown.fault, `stage ${name}: ${thrown.detail}`, { status: thrown.status, cause: thrown });
}

async function runOne(site: Site, stage: FlowStage, records: ReadonlyMap<string, PipeRecord>, running: Running): Promise<Tally> {
  const { signal, environment, said, work = {}, grace, until, tell } = running;
  const { name, group } = stage;
  const open = async (pipe: string): Promise<{ readonly pipe: Pipe; readonly space: Awaited<ReturnType<typeof spaceOfRecord>> }> => {
    const record = records.get(pipe);
    if (record?.id === undefined) throw new Trouble(`the pipe ${pipe} is not there`, { exit: EXIT.notFound });
    const space = await spaceOfRecord(site, record);
    return { space, pipe: pipes(space).open(record.id) };
  };
  const input = await open(stage.input);
  const output = stage.output === undefined ? undefined : await open(stage.output);
  const wish = pipeOf(site.flow, stage.input)?.groups.find((one) => one.name === group)?.wish ?? {};
  const stood = await ensureGroup(input.pipe, group, wish, signal);
  const feeders = async () => {
    const others = site.flow.stages.filter((one) => one.output === stage.output && (one.input !== stage.input || one.group !== group));
    return Promise.all(others.map(async (one) => ({ pipe: (await open(one.input)).pipe, group: one.group })));
  };
  return runStage({
    input: input.pipe,
    group,
    stood,
    to: output && (await destinationOf(site.spaces, input, output, { inline: stage.inline, signal })),
    work:
      work[name] ??
      programWork({
        words: stage.run,
        environment: { ...environment, ...stage.environment },
        name: stage.template,
        stdout: stage.stdout,
        ...given({ type: stage.type, timeout: stage.timeout }),
        ...(said && { said: (task, text) => said(name, task.chunk.seq, text) }),
      }),
    parallel: stage.parallel,
    lease: stood.lease,
    until,
    signal,
    tell: (event) => tell(name, event),
    ...(grace !== undefined && { grace }),
    ...(stage.close && output && { closes: feeders }),
  });
}
