// The tasks of a pipe's beginning and end: what a request has left half done is gone on with.
import { asFault } from '../../faults.ts';
import { failureOf } from '../jobs/run-steps.ts';
import { clearAway, takeBack } from './clear.ts';
import { establish } from './establish.ts';
import { linkPipe } from './links.ts';
import type { DoTask } from './take-tasks.ts';

export const createTask: DoTask<'create'> = async (services, { definition, principal, credentials, until }) => {
  try {
    await establish(services, { definition, principal, credentials, until });
  } catch (error) {
    if (failureOf(error).transient) throw error;
    const fault = asFault(error);
    await takeBack(services, definition.id, fault ? `${fault.fault} ${fault.detail}` : 'the service failed');
  }
  return { kind: 'cleared' };
};

export const destroyTask: DoTask<'destroy'> = async (services, { definition, held }) => {
  if (held.length === 0) {
    await clearAway(services, definition);
    return { kind: 'cleared' };
  }
  // Whoever takes the pipe's word for them is answered that nothing is kept: see askHolders.
  await Promise.all(held.map(({ space, holder }) => space && services.spaces.space(space).close(holder, false)));
  return { kind: 'letGo', holders: held.map(({ holder }) => holder) };
};

export const linkTask: DoTask<'link'> = async (services, { definition }) => {
  await linkPipe(services, definition);
  return { kind: 'cleared' };
};
