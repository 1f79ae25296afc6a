// "A user gets a top-level container of their own at first use."
import { asFault } from '../../faults.ts';
import type { Principal } from '../../model/principal.ts';
import { parsePath } from '../../model/vos-uri.ts';
import { createTop } from './nodes.ts';
import type { Services } from '../services.ts';

/** Users whose container this isolate knows to be there. */
const known = new Set<string>();

/** Makes the container if the user has none. A name that is taken stays as it is: an administrator made it, or a call before this one. */
export async function ensureHome(services: Services, principal: Principal): Promise<void> {
  if (principal.kind !== 'user' || principal.admin || known.has(principal.id)) return;
  if (!(await services.directory.homeMade(principal.id))) {
    const maker: Principal = { kind: 'user', id: principal.id, groups: [], admin: true };
    const creation = { type: 'ContainerNode', properties: [], owner: principal.id } as const;
    try {
      await createTop(services, parsePath(encodeURIComponent(principal.id)), maker, creation, services.config.userQuota);
    } catch (error) {
      const fault = asFault(error)?.fault;
      // While a backup is being restored, the container may be in it: it is made at a later call, if at all.
      if (fault === 'ServiceBusy') return;
      if (fault !== 'DuplicateNode') throw error;
    }
    await services.directory.markHome(principal.id);
  }
  if (known.size > 100_000) known.clear();
  known.add(principal.id);
}
