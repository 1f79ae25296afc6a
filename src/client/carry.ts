// Bytes of a node of one VOSpace into a node of another, carried by one of the two services: the client only negotiates, with the
// credentials that it has at each, and neither service learns those for the other.
import type { Param } from '../model/node.ts';
import { MD5 } from '../model/property.ts';
import { LENGTH_PARAM, type Protocol } from '../model/transfer.ts';
import type { Waiting } from './jobs.ts';
import type { Where } from './place.ts';
import type { Negotiated } from './transfers.ts';
import type { Resources } from './resources.ts';

/** A node, in the VOSpace that it is in. */
export interface Spot {
  readonly space: Resources;
  readonly where: Where;
}

export interface Carrying extends Waiting {
  /** The service that does it: the destination's fetches (pullToVoSpace), or the source's sends (pushFromVoSpace). */
  readonly by: 'destination' | 'source';
  /** Of the source, if known: bytes that are others are refused. */
  readonly length?: number | undefined;
  readonly md5?: string | undefined;
}

/** Resolves to the URL of the job when the destination has the bytes. Throws the job's fault: TransferFailed also where the service may not speak to the other. */
export async function carry(from: Spot, to: Spot, { by, length, md5, ...waiting }: Carrying): Promise<string> {
  const { signal } = waiting;
  const pulls = by === 'destination';
  const negotiated = pulls
    ? await from.space.transfers.request('pullFromVoSpace', from.where, { signal })
    : await to.space.transfers.request('pushToVoSpace', to.where, { length, signal });
  const { space, where } = pulls ? to : from;
  try {
    const job = await space.transfers.submit(
      {
        targets: [await space.session.uriOf(where, { signal })],
        direction: pulls ? 'pullToVoSpace' : 'pushFromVoSpace',
        protocols: openTo(negotiated),
        params: pulls ? facts(length, md5) : [],
        version: '2.1',
      },
      { signal },
    );
    waiting.submitted?.(job);
    await space.jobs.completed(job, waiting);
    return job;
  } catch (thrown) {
    // What the destination has reserved is nobody's then.
    if (!pulls && negotiated.job !== undefined) await to.space.jobs.abort(negotiated.job).catch(() => undefined);
    throw thrown;
  }
}

/** The endpoints that need nobody's credentials: their URLs are the right. */
function openTo({ endpoints }: Negotiated): readonly Protocol[] {
  return endpoints
    .filter(({ protocol }) => protocol.securityMethods.length === 0)
    .map(({ url, protocol: { uri } }) => ({ uri, endpoint: url, securityMethods: [] }));
}

function facts(length: number | undefined, md5: string | undefined): readonly Param[] {
  return [
    ...(length === undefined ? [] : [{ uri: LENGTH_PARAM, value: String(length) }]),
    ...(md5 === undefined ? [] : [{ uri: MD5, value: md5 }]),
  ];
}
