// A node is moved or copied to a place in the same VOSpace: by a job of the service, which takes everything below it along.
import type { Waiting } from '../../client/jobs.ts';
import { childOf, parentOf, type Place } from '../app/place.ts';
import { vospace } from '../app/spaces.ts';

/** `to` is free. */
export async function relocate(from: Place, to: Place, how: 'copy' | 'move', waiting: Waiting): Promise<void> {
  const { transfers } = await vospace(from.authority);
  await transfers[how](from.path, to.path, waiting);
}

/** Takes the place of a file that is there. That one goes when the other has come: nothing is lost on the way. */
export async function relocateOver(from: Place, to: Place, how: 'copy' | 'move', waiting: Waiting): Promise<void> {
  const { nodes, transfers } = await vospace(from.authority);
  const beside = childOf(parentOf(to), `.replacing-${crypto.randomUUID()}`);
  await transfers[how](from.path, beside.path, waiting);
  try {
    await nodes.delete(to.path, { signal: waiting.signal });
  } catch (thrown) {
    await (how === 'copy' ? nodes.delete(beside.path) : transfers.move(beside.path, from.path)).catch(() => undefined);
    throw thrown;
  }
  await transfers.move(beside.path, to.path);
}
