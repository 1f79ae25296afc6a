// Which kind of job a request is, and what that kind is told.
import type { Work } from '../../durable/job-queue/port.ts';
import type { JobRequest } from '../../model/job.ts';
import type { Negotiation } from '../transfers.ts';
import type { AskTransfer } from './ask-transfer.ts';
import { relocationKind } from './relocate-job.ts';

export function workOf(request: JobRequest, { principal, base, needsDigest }: Omit<Negotiation, 'job'>): Work {
  if (request.kind !== 'transfer') return { kind: request.kind, principal, input: request, light: false };
  const { transfer } = request;
  const relocation = relocationKind(transfer);
  if (relocation) return { kind: relocation, principal, input: transfer, light: false };
  const input: AskTransfer = { transfer, base, needsDigest };
  return { kind: 'ask-transfer', principal, input, light: true };
}
