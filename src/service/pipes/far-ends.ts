// The container of a pipe in another VOSpace: found there, or made. It stays when the pipe goes.
import { Fault } from '../../faults.ts';
import type { Credential } from '../../model/json/credentials.ts';
import { READABLE, WRITABLE } from '../../model/property.ts';
import { Trouble } from '../carry/trouble.ts';
import type { Services } from '../services.ts';
import { lookThere, makeThere, openFar, type FarEnd } from './far.ts';

/**
 * Makes the container where it is missing. Whether the credential may read or write there is known where that service tells (OpenCADC's properties
 * of detail=max), else by the first chunk. Safe to repeat. Throws VOSpaceFault with what the other service says,
 * ServiceBusy where a later try may work, InvalidArgument for what is no container.
 */
export async function prepareFarEnd(
  services: Services,
  base: string,
  end: FarEnd,
  role: 'source' | 'destination',
  credentials: readonly Credential[],
): Promise<void> {
  return faultsOf(async () => {
    const far = openFar(services, base, end, credentials);
    let node = await lookThere(far, end.uri);
    if (!node) {
      await makeThere(far, end.uri);
      node = await lookThere(far, end.uri);
    }
    if (node && node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${end.uri} is a ${node.type}, and no container`);
    const lacks = role === 'source' ? READABLE : WRITABLE;
    if (node?.properties.some(({ uri, value }) => uri === lacks && value.trim() === 'false'))
      throw new Fault('VOSpaceFault', `PermissionDenied ${end.uri} may not be ${role === 'source' ? 'read' : 'written'} so`);
  });
}

async function faultsOf<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const told = error.answer ?? error.message;
    if (error.lasting) throw new Fault('VOSpaceFault', told);
    throw new Fault('ServiceBusy', told, { 'Retry-After': String(Math.max(1, Math.ceil((error.retryAfter ?? 5000) / 1000))) });
  }
}
