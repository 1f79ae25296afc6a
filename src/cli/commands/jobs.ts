// `vopipe jobs`: what the service does, or has done, for its user.
import { ENDED, PHASES, USER_LISTS, type JobReference, type Phase, type UserList } from '../../model/job.ts';
import type { JobFilter } from '../../client/jobs.ts';
import type { Vospace } from '../../client/vospace.ts';
import { readCount } from '../arguments.ts';
import { define, type Context } from '../command.ts';
import { findJob, listJobs } from '../jobs/find.ts';
import { jobCells, jobDocument, jobRows } from '../jobs/show.ts';
import { cutTo, Table } from '../nodes/columns.ts';
import { spaceBefore } from '../space-before.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';

/** Milliseconds between two looks. */
const PAUSE = 2000;

export const command = define({
  usage: ['[OPTION]... [VOSPACE]', '[VOSPACE] JOB...', '--abort [VOSPACE] JOB...'],
  takes: [0, Infinity],
  details: 'Jobs are copies, moves, uploads and downloads, and what is done to whole trees. VOSPACE is such as vos://example.org~vospace.',
  options: {
    phase: { type: 'string', short: 'p', multiple: true, oneOf: PHASES, help: 'only those' },
    list: { type: 'string', oneOf: USER_LISTS, help: 'only those of one list of the service' },
    last: { type: 'string', short: 'n', value: 'N', help: 'the newest so many; 20 where nothing is said' },
    watch: { type: 'boolean', short: 'w', help: 'go on showing them until Ctrl-C; not at a terminal, what changes' },
    abort: { type: 'boolean', help: 'end jobs; what an unfinished transfer has made is taken back' },
  },
  examples: [
    ['vopipe jobs', 'the newest'],
    ['vopipe jobs --phase EXECUTING --phase QUEUED', 'those that are under way'],
    ['vopipe jobs --watch', 'as they go'],
    ['vopipe jobs 542243ef8a0b7c31', 'all that is known of one'],
  ],
  async run(context, { args, options }) {
    const { spaces, signal, terminal, json } = context;
    const { space = await spaces.standard(), rest: ids } = await spaceBefore('jobs', spaces, args);
    if (ids.length > 0)
      return forEach(context, ids, async (id) => {
        const url = await findJob(space, id, signal);
        const before = await space.jobs.get(url, { signal });
        const isOver = ENDED.includes(before.phase);
        if (options.abort && isOver) terminal.say(`vopipe: ${shown(id)} had ended already`);
        if (options.abort && !isOver) await space.jobs.abort(url, { signal });
        const job = options.abort && !isOver ? await space.jobs.get(url, { signal }) : before;
        if (json) await terminal.json(jobDocument(job));
        else await terminal.out(new Table().lines(jobRows(job)));
      });
    const filter: JobFilter = {
      phases: options.phase as readonly Phase[],
      last: readCount('jobs', 'last', options.last, 1, 1000) ?? 20,
      ...(options.list !== undefined && { list: options.list as UserList }),
    };
    if (options.watch) return watch(context, space, filter);
    return tell(context, await listJobs(space, filter, signal));
  },
});

async function tell({ terminal, json }: Context, jobs: readonly JobReference[]): Promise<void> {
  if (!json) return terminal.out(new Table().lines(jobs.map(jobCells)));
  for (const job of jobs) await terminal.json(jobDocument(job));
}

/** Written over where somebody watches, else a line for each change. */
async function watch(context: Context, space: Vospace, filter: JobFilter): Promise<void> {
  const { terminal } = context;
  const signal = terminal.whileRead(context.signal);
  const drawn = terminal.watched && terminal.outWatched && !context.json;
  const seen = new Map<string, string>();
  let lines = 0;
  for (;;) {
    const jobs = await listJobs(space, filter, signal);
    if (drawn) {
      const table = new Table().lines(jobs.map(jobCells)).split('\n').slice(0, -1);
      const cut = table.map((line) => `\r\u001b[K${cutTo(line, terminal.columns - 1)}\n`);
      terminal.draw(`${lines > 0 ? `\u001b[${lines}A` : ''}${cut.join('')}\u001b[J`);
      lines = cut.length;
    } else {
      const changed = jobs.filter((job) => seen.get(job.id) !== JSON.stringify(jobDocument(job)));
      for (const job of changed) seen.set(job.id, JSON.stringify(jobDocument(job)));
      await tell(context, changed);
    }
    await space.session.wire.runtime.sleep(PAUSE, signal);
  }
}
