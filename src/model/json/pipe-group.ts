// What the readers of a group send, in JSON. Each refusal names the path of the value.
//
//   PUT    {"mode": "shared", "start": "now", "lease": 30, "maxDeliveries": 5, "expiresAfterIdle": 86400}
//   claim  {"max": 10, "lease": 120, "timeout": 20}      ack {"fences": ["…"]}      nack {"fences": ["…"], "delay": 30, "reason": "exit 1"}      extend {"fences": ["…"], "lease": 120}
import { MAX_PIPE_WAIT, PIPE_WAIT } from '../limits.ts';
import { MAX_CLAIM, MAX_LEASE, MAX_REASON, type GroupWish } from '../pipe-group.ts';
import {
  between,
  oneOf,
  optional,
  readBoolean,
  readCount,
  readList,
  readObject,
  readString,
  readToken,
  refuse,
  required,
} from './value.ts';

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
  /** nack: what the list of dead chunks says when it was the last delivery. */
  readonly reason?: string;
  /** nack, false: nobody has tried it; the delivery does not count. */
  readonly counted?: boolean;
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

const EXTRA = { ack: [], nack: ['delay', 'reason', 'counted'], extend: ['lease'] } as const;

/** Of ack, nack and extend; the last two have members of their own. */
export function readFences(call: keyof typeof EXTRA): (value: unknown, path?: string) => FencesRequest {
  return (value, path = '$') => {
    const object = readObject(value, path, ['fences', ...EXTRA[call]]);
    const fences = required(object, path, 'fences', (list, at) => readList(list, at, readToken, MAX_CLAIM));
    if (fences.length === 0) throw refuse(`${path}.fences`, 'is empty');
    return {
      fences,
      ...(call === 'nack' && {
        ...optional(object, path, 'delay', between(0, MAX_LEASE)),
        ...optional(object, path, 'reason', readReason),
        ...optional(object, path, 'counted', readBoolean),
      }),
      ...(call === 'extend' && optional(object, path, 'lease', readLease)),
    };
  };
}

function readReason(value: unknown, path: string): string {
  const text = readString(value, path);
  if (text.length > MAX_REASON) throw refuse(path, `is longer than ${MAX_REASON} characters`);
  return text;
}
