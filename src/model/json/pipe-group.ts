// What the readers of a group send, in JSON. Each refusal names the path of the value.
//
//   PUT    {"mode": "shared", "start": "now", "lease": 60, "maxDeliveries": 10, "expiresAfterIdle": 86400}
//   claim  {"max": 10, "lease": 120, "timeout": 20}      ack {"fences": ["…"]}      nack {"fences": ["…"], "delay": 30}      extend {"fences": ["…"], "lease": 120}
import { MAX_PIPE_WAIT, PIPE_WAIT } from '../limits.ts';
import { MAX_CLAIM, MAX_LEASE, type GroupWish } from '../pipe-group.ts';
import { between, oneOf, optional, readCount, readList, readObject, readString, readToken, refuse, required } from './value.ts';

export interface ClaimRequest {
  readonly max: number;
  readonly maxBytes: number;
  readonly lease?: number;
  /** Seconds to wait for something to claim. */
  readonly timeout: number;
}

export interface FencesRequest {
  readonly fences: readonly string[];
  /** nack: seconds until they may be claimed again. */
  readonly delay?: number;
  /** extend: seconds from now on. */
  readonly lease?: number;
}

/** Seconds, as a lease. */
const MAX_IDLE = 366 * 86_400;
const readLease = between(1, MAX_LEASE);

export function readGroupRequest(value: unknown, path = '$'): GroupWish {
  const object = readObject(value, path, ['mode', 'maxDeliveries', 'lease', 'expiresAfterIdle', 'start']);
  return {
    ...optional(object, path, 'mode', oneOf('single', 'shared')),
    ...optional(object, path, 'maxDeliveries', between(0, 1000)),
    ...optional(object, path, 'lease', readLease),
    ...optional(object, path, 'expiresAfterIdle', between(60, MAX_IDLE)),
    ...optional(object, path, 'start', readString),
  };
}

export function readClaimRequest(value: unknown, path = '$'): ClaimRequest {
  const object = readObject(value, path, ['max', 'maxBytes', 'lease', 'timeout']);
  return {
    max: optional(object, path, 'max', between(1, MAX_CLAIM)).max ?? 1,
    maxBytes: optional(object, path, 'maxBytes', readCount).maxBytes ?? Number.MAX_SAFE_INTEGER,
    ...optional(object, path, 'lease', readLease),
    timeout: optional(object, path, 'timeout', between(0, MAX_PIPE_WAIT)).timeout ?? PIPE_WAIT,
  };
}

/** Of ack, nack and extend; each has one member more. */
export function readFences(extra: 'delay' | 'lease' | undefined): (value: unknown, path?: string) => FencesRequest {
  return (value, path = '$') => {
    const object = readObject(value, path, ['fences', ...(extra === undefined ? [] : [extra])]);
    const fences = required(object, path, 'fences', (list, at) => readList(list, at, readToken, MAX_CLAIM));
    if (fences.length === 0) throw refuse(`${path}.fences`, 'is empty');
    return {
      fences,
      ...(extra === 'delay' && optional(object, path, 'delay', between(0, MAX_LEASE))),
      ...(extra === 'lease' && optional(object, path, 'lease', readLease)),
    };
  };
}
