// The endpoints of a transfer that the service carries out itself: which of them it can use, one after the other, and when it gives up.
import { Fault } from '../../faults.ts';
import type { Credential } from '../../model/json/credentials.ts';
import { HTTP_GET, HTTP_PUT, HTTPS_GET, HTTPS_PUT, type Protocol, type Transfer } from '../../model/transfer.ts';
import { parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import { Elsewhere } from '../carry/elsewhere.ts';
import type { Trouble } from '../carry/trouble.ts';
import type { Outside } from '../carry/outside.ts';
import { unseal } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { JobContext } from './kind.ts';

/** What a job of these kinds is told. */
export interface CarryInput {
  readonly transfer: Transfer;
  /** The service's own base URL as the client knows it. */
  readonly base: string;
  /** Of Credential[], sealed for this job. */
  readonly credentials?: string;
}

/** How far the endpoints have been tried; JSON. */
export interface Trying {
  /** The index of the endpoint that is being tried. */
  readonly at: number;
  /** Failures of it in a row that may pass, and when the first of them was. */
  readonly failures: number;
  readonly since?: number;
  /** Why the ones before did not work. */
  readonly reasons: readonly string[];
}

export const FIRST_TRY: Trying = { at: 0, failures: 0, reasons: [] };

const MOST_FAILURES = 12;
const LONGEST_FAILING = 24 * 3_600_000;
const LONGEST_PAUSE = 300_000;
const MOST_ENDPOINTS = 50;
const REASON = 300;

/** The standard's example of pullToVoSpace names a protocol of PUT for a URL to be read: both are taken. */
const USABLE: Readonly<Record<string, readonly string[]>> = {
  pullToVoSpace: [HTTP_GET, HTTPS_GET, HTTP_PUT, HTTPS_PUT],
  pushFromVoSpace: [HTTP_PUT, HTTPS_PUT],
};

/** In the order of the request. Throws ProtocolNotSupported when there is none that the service can use, InvalidArgument without endpoints. */
export function endpointsOf({ direction, protocols }: Transfer): readonly (Protocol & { readonly endpoint: string })[] {
  const known = protocols.filter(({ uri }) => USABLE[direction]?.includes(uri));
  if (known.length === 0)
    throw new Fault(
      'ProtocolNotSupported',
      protocols
        .map(({ uri }) => uri)
        .join(' ')
        .slice(0, 1000) || 'no protocol is named',
    );
  const found = known.flatMap((protocol) => (protocol.endpoint === undefined ? [] : [{ ...protocol, endpoint: protocol.endpoint }]));
  if (found.length === 0) throw new Fault('InvalidArgument', 'the transfer names no endpoint');
  if (found.length > MOST_ENDPOINTS) throw new Fault('InvalidArgument', `a transfer has at most ${MOST_ENDPOINTS} endpoints`);
  return found;
}

/** The node of the transfer. Throws InvalidURI, and InvalidArgument for several. */
export function nodeOf(services: Services, { targets: [target, ...others] }: Transfer): NodePath {
  if (target === undefined || others.length > 0) throw new Fault('InvalidArgument', 'such a transfer has exactly one target');
  const uri = parseVosUri(target);
  if (uri.authority !== services.config.authority) throw new Fault('InvalidURI', `${target} is not in ${services.config.authority}`);
  return uri.path;
}

/** The top-level container of the node, if the target names one. */
export function topOf(transfer: Transfer): string | undefined {
  try {
    return parseVosUri(transfer.targets[0] ?? '').path[0];
  } catch {
    return undefined;
  }
}

export function isVos(endpoint: string): boolean {
  return /^vos:/i.test(endpoint);
}

/** The ways out of one step. */
export async function waysOut({
  services,
  job,
  input,
}: JobContext<CarryInput, unknown>): Promise<{ outside: Outside; elsewhere: Elsewhere }> {
  const outside = services.outside(input.base);
  const text = input.credentials === undefined ? undefined : await unseal(services.keys, job.id, input.credentials);
  return { outside, elsewhere: new Elsewhere(services.config, outside, text === undefined ? [] : (JSON.parse(text) as Credential[])) };
}

/**
 * What follows trouble with an endpoint: the same once more after a pause (`pause`), or the next. A passing failure moves on where there is
 * a next endpoint and nothing has come from this one (`isBegun`). Throws TransferFailed after the last.
 */
export function afterTrouble(
  trying: Trying,
  trouble: Trouble,
  { count, isBegun, now }: { readonly count: number; readonly isBegun: boolean; readonly now: number },
): { readonly trying: Trying; readonly pause?: number } {
  const { at, failures, since = now, reasons } = trying;
  const isLast = at + 1 >= count;
  const mayPass = !trouble.lasting && failures + 1 < MOST_FAILURES && now - since < LONGEST_FAILING;
  if (mayPass && (isLast || isBegun)) {
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(failures, 9)) * (0.5 + Math.random() / 2);
    return {
      trying: { ...trying, failures: failures + 1, since },
      pause: Math.max(pause, Math.min(trouble.retryAfter ?? 0, LONGEST_PAUSE)),
    };
  }
  const told = [...reasons, trouble.message.slice(0, REASON)];
  if (isLast) throw new Fault('TransferFailed', told.join('; '));
  return { trying: { at: at + 1, failures: 0, reasons: told } };
}
