// Doing once more what a job has not done.
import { FORM, Jobs } from '../../client/jobs.ts';
import { Transfers } from '../../client/transfers.ts';
import type { JobDocument } from '../../model/job.ts';
import { session } from '../app/spaces.ts';

/** Why a job cannot be tried again from here; undefined where it can. */
export function whyNotAgain({ subject, transfer }: JobDocument): string | undefined {
  if (subject?.kind === 'delete' || subject?.kind === 'size') return undefined;
  if (subject?.kind === 'setprops') return 'Set the properties once more: a job does not tell which they were.';
  if (subject?.kind !== 'transfer' || !transfer) return 'This kind of job cannot be tried again from here.';
  if (transfer.direction === 'pushToVoSpace') return 'Send the file once more: a job does not have its bytes.';
  if (transfer.direction === 'pullFromVoSpace') return 'Download the file once more.';
  return undefined;
}

/** Makes another job of the same request, and starts it. Resolves to its id. */
export async function tryAgain(job: JobDocument): Promise<string> {
  const own = await session();
  const jobs = new Jobs(own);
  const { subject, transfer } = job;
  if (subject?.kind === 'delete' || subject?.kind === 'size') {
    const list = await own.endpoints.url(`async-${subject.kind}`);
    return idOf(await jobs.submit(list, new URLSearchParams({ target: subject.target }).toString(), FORM));
  }
  if (!transfer) throw new Error('the job does not tell what it was asked to do');
  return idOf(await new Transfers(own, jobs).submit(transfer));
}

function idOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
}
