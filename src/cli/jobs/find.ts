// Jobs of a VOSpace, whichever list they are in.
import { VospaceError } from '../../client/error.ts';
import type { JobFilter } from '../../client/jobs.ts';
import type { Vospace } from '../../client/vospace.ts';
import { USER_LISTS, type JobReference } from '../../model/job.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

/** Of all lists that the service has, the newest last. */
export async function listJobs(space: Vospace, filter: JobFilter, signal: AbortSignal): Promise<readonly JobReference[]> {
  const lists = await Promise.all(
    (filter.list === undefined ? USER_LISTS : [filter.list]).map((list) =>
      space.jobs.list({ ...filter, list }, { signal }).catch((thrown: unknown) => {
        if (isMissing(thrown) && filter.list === undefined && list !== 'transfers') return [];
        throw thrown;
      }),
    ),
  );
  const all = lists.flat().sort((one, other) => (one.created ?? 0) - (other.created ?? 0));
  return filter.last === undefined ? all : all.slice(-filter.last);
}

/** The URL of a job that was named by its id or its URL. Throws Trouble where there is none. */
export async function findJob(space: Vospace, job: string, signal: AbortSignal): Promise<string> {
  if (/^https?:\/\//i.test(job)) return job;
  for (const list of USER_LISTS) {
    try {
      const url = `${await space.session.endpoints.url(list, signal)}/${encodeURIComponent(job)}`;
      await space.jobs.get(url, { signal });
      return url;
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
  }
  throw new Trouble(`there is no job ${job}`, { exit: EXIT.notFound, advice: 'vopipe jobs shows which there are.' });
}

/** OpenCADC's services answer so for what they do not have, too. */
function isMissing(thrown: unknown): boolean {
  return thrown instanceof VospaceError && (thrown.fault === 'OperationNotSupported' || [404, 405].includes(thrown.status ?? 0));
}
