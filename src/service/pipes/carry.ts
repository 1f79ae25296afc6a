// The task of carrying a chunk to or from another VOSpace, and of taking back what that has left half done.
import type { PipeTask, TaskReport } from '../../durable/pipe/work/port.ts';
import { Fault } from '../../faults.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';
import { afterRefusal } from './ends-of-carrying.ts';
import { checkSource, ownerOf } from './owner.ts';
import { clearPull, pullChunk } from './pull.ts';
import { clearPush, pushChunk } from './push.ts';

export type CarryTask = Extract<PipeTask, { readonly kind: 'carry' }>;
export type ClearTask = Extract<PipeTask, { readonly kind: 'clear' }>;

/** With the rights that the pipe's owner has here at this moment, and with what was entrusted to the pipe there. */
export async function carryTask(services: Services, task: CarryTask, signal: AbortSignal): Promise<TaskReport> {
  const { source, destination } = task.definition;
  try {
    const owner = await ownerOf(services, task.definition);
    if (!owner) return { kind: 'authRequired', detail: "the pipe's owner is no user any more" };
    if (destination.kind === 'foreign') {
      await checkSource(services, task.definition);
      return await pushChunk(services, task, destination, signal);
    }
    const container = parseVosUri(destination.uri).path;
    if (source.kind === 'foreign') return await pullChunk(services, task, { source, container, owner }, signal);
  } catch (error) {
    const report = signal.aborted ? undefined : afterRefusal(task.chunk.seq, error);
    if (!report) throw error;
    return report;
  }
  throw new Fault('InternalFault', 'both ends are in this service: nothing is carried');
}

export async function clearTask(services: Services, task: ClearTask): Promise<TaskReport> {
  const { source, destination } = task.definition;
  if (destination.kind === 'foreign') await clearPush(services, task, destination);
  if (source.kind === 'foreign' && destination.kind === 'local') await clearPull(services, task, parseVosUri(destination.uri).path);
  return { kind: 'cleared' };
}
