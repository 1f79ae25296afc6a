// From the id in a request to the pipe.
import { Fault } from '../../faults.ts';
import type { PipePort } from '../../durable/pipe/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { Services } from '../services.ts';

/** Throws PipeNotFound for an id that was never given out: no object is made for it. */
export async function pipeAt(services: Services, text: string): Promise<{ readonly id: PipeId; readonly pipe: PipePort }> {
  const id = await services.tickets.readPipeId(text);
  if (id === undefined) throw new Fault('PipeNotFound', `there is no pipe ${JSON.stringify(text.slice(0, 80))}`);
  return { id, pipe: services.pipes(id) };
}
