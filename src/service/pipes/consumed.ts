// WriteChunk of what was made of another pipe's chunk: whoever writes it holds that chunk at this moment.
import type { ConsumedChunk } from '../../durable/pipe/port.ts';
import { Fault } from '../../faults.ts';
import type { Consumed } from '../../model/json/pipe-write.ts';
import { passOn, type Lineage } from '../../model/lineage.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';

export interface Claim {
  readonly consumed: ConsumedChunk;
  /** Of the chunks that are made of it. */
  readonly lineage: Lineage;
}

/** Throws Fenced for a claim that has ended, and InvalidArgument where it is of another chunk; PipeNotFound, GroupNotFound, PermissionDenied. */
export async function claimOf(services: Services, caller: Principal, asked: Consumed): Promise<Claim> {
  const { id, pipe } = await pipeAt(services, asked.pipe);
  const { group, seq, fence, output, ack = true } = asked;
  const chunk = await pipe.claimed(caller, group, fence);
  if (chunk.seq !== seq) throw new Fault('InvalidArgument', `consumed.fence is of chunk ${chunk.seq}, and not ${seq}`);
  return { consumed: { pipe: id, group, seq, fence, output, ack, isHeld: chunk.isHeld }, lineage: passOn(id, chunk) };
}
