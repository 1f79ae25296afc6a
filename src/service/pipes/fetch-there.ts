// A chunk that is too large for one PUT there: the other VOSpace fetches it itself, in a job that is looked at now and then.
import type { Phase } from '../../model/job.ts';
import { HTTP_GET, HTTPS_GET } from '../../model/transfer.ts';
import type { TaskReport, TravelChunk } from '../../durable/pipe/work/port.ts';
import { abroad } from '../carry/trouble.ts';
import type { Services } from '../services.ts';
import { dead } from './ends-of-carrying.ts';
import type { Far } from './far.ts';
import { placeOfPinned } from './place-of.ts';

/** The job there; JSON. */
export interface Fetching {
  readonly job: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** The job, and the URL that it reads from, end after this, milliseconds. */
const PATIENCE = 24 * 3_600_000;
const [FIRST_LOOK, LONGEST_PAUSE] = [2000, 60_000];
const ENDED_ILL: readonly Phase[] = ['ERROR', 'ABORTED'];

/** Submits pullToVoSpace there, from a signed URL of the chunk's own bytes. Throws Trouble. */
export async function beginFetching(
  services: Services,
  { vospace, authority }: Far,
  { bytes }: TravelChunk,
  uri: string,
  signal: AbortSignal,
): Promise<Fetching | undefined> {
  if (bytes.kind !== 'pinned') return undefined;
  const place = await placeOfPinned(services, bytes.pinned);
  if (place.foreign) return undefined;
  const since = services.clock();
  const expires = Math.floor((since + PATIENCE) / 1000);
  const endpoint = await services.objects.sign({ method: 'GET', container: place.container, key: place.key, expires });
  const protocols = [{ uri: endpoint.startsWith('https:') ? HTTPS_GET : HTTP_GET, endpoint, securityMethods: [] }];
  const transfer = { targets: [uri], direction: 'pullToVoSpace', protocols, params: [], version: '2.1' } as const;
  return { job: await abroad(authority, () => vospace.transfers.submit(transfer, { signal })), since };
}

/** A report while the job is under way, or has not ended for too long; undefined when it has completed. Throws Trouble when it has ended otherwise. */
export async function goOnFetching(
  services: Services,
  { vospace, authority }: Far,
  { seq }: TravelChunk,
  { job, since }: Fetching,
  checkpoint: unknown,
  signal: AbortSignal,
): Promise<TaskReport | undefined> {
  const waited = services.clock() - since;
  const late = await abroad(authority, async () => {
    const found = await vospace.jobs.get(job, { signal });
    if (found.phase === 'COMPLETED') return undefined;
    if (ENDED_ILL.includes(found.phase)) throw await vospace.jobs.failure(job, found, { signal });
    return waited > PATIENCE;
  });
  if (late === undefined) return undefined;
  if (!late) return { kind: 'more', checkpoint, pause: Math.min(LONGEST_PAUSE, FIRST_LOOK + waited / 4) };
  await stopFetching({ vospace, authority }, job);
  return dead(seq, 'VOSpaceFault', `${authority} has not fetched the bytes within a day`);
}

/** Nobody waits for it any more. What cannot be stopped ends with its URL. */
export async function stopFetching({ vospace }: Pick<Far, 'vospace' | 'authority'>, job: string): Promise<void> {
  await vospace.jobs.abort(job).catch(() => undefined);
}
