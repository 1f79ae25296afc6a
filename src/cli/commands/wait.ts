// `vopipe wait`: until jobs have ended, and how.
import { readSeconds } from '../arguments.ts';
import type { Vospace } from '../../client/vospace.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { findJob } from '../jobs/find.ts';
import { jobDocument, subjectWords } from '../jobs/show.ts';
import { spaceBefore } from '../space-before.ts';
import { progressOf, statusLine } from '../status.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';

export const command = define({
  usage: ['[OPTION]... [VOSPACE] JOB...'],
  takes: [1, Infinity],
  details:
    'The exit code is 0 when all have COMPLETED, that of the fault where one has not (docs/cli.md), and 7 where some have and some have not.',
  options: {
    timeout: { type: 'string', short: 't', value: 'TIME', help: 'no longer than that: exit code 6; the jobs go on' },
  },
  examples: [
    ['vopipe wait 542243ef8a0b7c31', 'one job'],
    ['vopipe jobs --phase EXECUTING --json | jq -r .id | xargs -r vopipe wait', 'all that are under way'],
  ],
  async run(context, { args, options }) {
    const seconds = readSeconds('wait', 'timeout', options.timeout, 1, 2_000_000);
    const { space, rest } = await spaceBefore('wait', context.spaces, args);
    const over = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    const signal = over ? AbortSignal.any([context.signal, over]) : context.signal;
    return forEach(context, rest, async (id) => {
      try {
        await untilEnded({ ...context, signal }, space ?? (await context.spaces.byUrl(id)), id);
      } catch (thrown) {
        if (!over?.aborted || context.signal.aborted) throw thrown;
        throw new Trouble(`${id} has not ended after ${seconds} s`, { exit: EXIT.unavailable, advice: 'The job goes on.' });
      }
    });
  },
});

async function untilEnded({ terminal, signal, json }: Context, space: Vospace, id: string): Promise<void> {
  const url = await findJob(space, id, signal);
  const line = statusLine(terminal);
  try {
    const job = await space.jobs.wait(url, {
      signal,
      progress: (known) => line.show(`${known.id}: ${subjectWords(known.subject)} ${known.phase}${progressOf(known)}`),
    });
    line.clear();
    if (json) await terminal.json(jobDocument(job));
    else await terminal.out(`${shown(job.id)} ${job.phase}\n`);
    if (job.phase !== 'COMPLETED') throw await space.jobs.failure(url, job, { signal });
  } finally {
    line.clear();
  }
}
