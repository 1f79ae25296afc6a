// Which kind of job a request is, and what that kind is told.
import type { Work } from '../../durable/job-queue/port.ts';
import type { Job } from '../../model/job.ts';
import { seal } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { AskTransfer } from './ask-transfer.ts';
import { relocationKind } from './relocate-job.ts';
import type { CarryInput } from './endpoints.ts';
import type { Submission } from './submit.ts';

/** The directions in which the service itself moves the bytes. */
const CARRIED: Readonly<Record<string, string>> = { pullToVoSpace: 'pull-to', pushFromVoSpace: 'push-from' };

export async function workOf({ keys }: Services, { id, request }: Job, submission: Submission): Promise<Work> {
  const { principal, base, needsDigest, credentials = [] } = submission;
  if (request.kind !== 'transfer') return { kind: request.kind, principal, input: request, light: false };
  const { transfer } = request;
  const relocation = relocationKind(transfer);
  if (relocation) return { kind: relocation, principal, input: transfer, light: false };
  const carried = CARRIED[transfer.direction];
  if (carried !== undefined) {
    const sealed = credentials.length === 0 ? {} : { credentials: await seal(keys, id, JSON.stringify(credentials)) };
    const input: CarryInput = { transfer, base, ...sealed };
    return { kind: carried, principal, input, light: false };
  }
  const input: AskTransfer = { transfer, base, needsDigest };
  return { kind: 'ask-transfer', principal, input, light: true };
}
