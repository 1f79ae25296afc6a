// Does what a pipe has to have done outside its object: the pipe's part of the loop inside a Carrier.
import { PLACE_BATCH } from '../../model/limits.ts';
import type { PipePort } from '../../durable/pipe/port.ts';
import type { PipeTask, TaskReport } from '../../durable/pipe/work/port.ts';
import { failureOf, runSteps } from '../jobs/run-steps.ts';
import type { Services } from '../services.ts';
import { createTask, destroyTask, linkTask } from './ending-tasks.ts';
import { followTask } from './follow-task.ts';
import { carryTask, clearTask } from './carry.ts';
import { placeTask } from './place.ts';

/** A bounded piece of work, safe to repeat and to cut off at any line. A Fault that it throws is reported as `failed`. */
export type DoTask<Kind extends PipeTask['kind']> = (
  services: Services,
  task: Extract<PipeTask, { readonly kind: Kind }>,
  signal: AbortSignal,
) => Promise<TaskReport>;

const TASKS: { readonly [Kind in PipeTask['kind']]?: DoTask<Kind> } = {
  place: placeTask,
  carry: carryTask,
  clear: clearTask,
  create: createTask,
  destroy: destroyTask,
  link: linkTask,
  follow: followTask,
};

/** Milliseconds until the next round of placing where the pipe does not say when that is to be. */
const GATHER = 10;

/** Ends when the row of work has ended, waits, or has had its turn. Never throws for what a task did. */
export async function takeTasks(services: Services, pipe: PipePort, id: string, attempt: number): Promise<void> {
  await runSteps<PipeTask, TaskReport>(services.clock, {
    begin: () => pipe.begin(id, attempt),
    step: (task, signal) => doTask(services, task, signal),
    failed: ({ definition }, error) => {
      const { transient, ...failure } = failureOf(error);
      if (transient)
        console.error(JSON.stringify({ level: 'warn', event: 'task-failed', pipe: definition.id, id, attempt, error: String(error) }));
      return { kind: 'failed', ...failure };
    },
    report: async (report) => {
      const goesOn = await pipe.report(id, attempt, report);
      // A chunk by itself has been placed at once; of a steady stream each would cost transactions of its own.
      if (goesOn && report.kind === 'delivered' && report.deliveries.length < PLACE_BATCH)
        await pipe.gather().catch(() => scheduler.wait(GATHER));
      return goesOn;
    },
    renew: () => pipe.renew(id, attempt),
    yield: () => pipe.yield(id, attempt),
  });
}

async function doTask<Kind extends PipeTask['kind']>(
  services: Services,
  task: PipeTask & { readonly kind: Kind },
  signal: AbortSignal,
): Promise<TaskReport> {
  const work = TASKS[task.kind] as DoTask<Kind> | undefined;
  if (!work) return { kind: 'failed', fault: 'InternalFault', detail: `no kind of task ${task.kind}` };
  return work(services, task as Extract<PipeTask, { readonly kind: Kind }>, signal);
}
