// The uploads of a user that are under way: those that another client began, and that nobody sends any more, can be seen and given up.
import type { Principal } from '../../model/principal.ts';
import type { OpenDocument } from '../../model/uploads.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { Services } from '../services.ts';
import { partsOf } from './urls.ts';

/** For a node, or for what is below it; the latest first, at most MAX_BATCH. The store is not asked what has arrived. */
export async function listUploads(services: Services, principal: Principal, path: NodePath): Promise<readonly OpenDocument[]> {
  const { id: space, found } = await services.spaces.at(path, principal, 'create', async ({ id, space: port, call }) => ({
    id,
    found: await port.openUploads(call, MAX_BATCH),
  }));
  const user = principal.kind === 'user' ? principal.id : '';
  return Promise.all(
    found.map(async ({ id: upload, state: { path: at = [], length = 0, deadline, asked } }) => ({
      uri: formatVosUri({ authority: services.config.authority, path: at }),
      id: await services.tickets.write({ space, upload, user }),
      phase: 'PENDING' as const,
      length,
      expires: new Date(deadline).toISOString(),
      ...partsOf(asked),
    })),
  );
}
