// The container of a pipe in another VOSpace: found or made there with the pipe, and removed with it.
import { Fault } from '../../faults.ts';
import type { Credential } from '../../model/json/credentials.ts';
import { READABLE, WRITABLE } from '../../model/property.ts';
import { abroad, Trouble } from '../carry/trouble.ts';
import type { Services } from '../services.ts';
import { lookThere, makeThere, openFar, type FarEnd } from './far.ts';

/**
 * Makes the container where it is missing. Whether the credential may read or write there is known where that service tells (OpenCADC's properties
 * of detail=max), else by the first chunk. Safe to repeat; `made`: this call has made it. Throws VOSpaceFault with what the other service says,
 * ServiceBusy where a later try may work, InvalidArgument for what is no container.
 */
export async function prepareFarEnd(
  services: Services,
  base: string,
  end: FarEnd,
  role: 'source' | 'destination',
  credentials: readonly Credential[],
): Promise<{ readonly made: boolean }> {
  return faultsOf(async () => {
    const far = openFar(services, base, end, credentials);
    const found = await lookThere(far, end.uri);
    const made = found === undefined && (await makeThere(far, end.uri));
    const node = found ?? (await lookThere(far, end.uri));
    if (node && node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${end.uri} is a ${node.type}, and no container`);
    const lacks = role === 'source' ? READABLE : WRITABLE;
    if (node?.properties.some(({ uri, value }) => uri === lacks && value.trim() === 'false'))
      throw new Fault('VOSpaceFault', `PermissionDenied ${end.uri} may not be ${role === 'source' ? 'read' : 'written'} so`);
    return { made };
  });
}

/** Takes a container away that the pipe has made and that is empty. Safe to repeat. Throws as `prepareFarEnd`. */
export async function removeFarEnd(
  services: Services,
  base: string,
  end: FarEnd,
  credentials: readonly Credential[],
): Promise<{ readonly removed: boolean; readonly why?: string }> {
  return faultsOf(async () => {
    const far = openFar(services, base, end, credentials);
    if (!(await lookThere(far, end.uri))) return { removed: true };
    return abroad(far.authority, async () => {
      for await (const { uri } of far.vospace.nodes.children(end.uri, { page: 2, detail: 'min' }))
        return { removed: false, why: `it holds ${uri.slice(0, 300)}` };
      await far.vospace.nodes.delete(end.uri);
      return { removed: true };
    });
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
