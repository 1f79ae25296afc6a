// What follows a transfer when its bytes are there: an archive for a container is unpacked.
import type { Work } from '../../durable/job-queue/port.ts';
import type { Principal } from '../../model/principal.ts';
import type { Transfer } from '../../model/transfer.ts';
import { isArchive, parseMadeView } from '../../model/view.ts';
import { AUTO, formatVosUri, parseVosUri, type Authority } from '../../model/vos-uri.ts';
import type { Unpacking } from '../unpack/unpack.ts';

/** A push with an archive view that goes into a container: what is to be done when its bytes are there. Undefined for any other transfer. */
export function followPush(authority: Authority, transfer: Transfer, node: string, principal: Principal): Work | undefined {
  const view = transfer.direction === 'pushToVoSpace' && transfer.view ? parseMadeView(transfer.view) : undefined;
  const [target] = transfer.targets;
  if (!view || !isArchive(view) || target === undefined) return undefined;
  const { path } = parseVosUri(target);
  const sent = parseVosUri(node).path;
  // Bytes for a container go inside, under a name that the service chooses; for any other target they are kept as they are.
  if (path.at(-1) === AUTO || sent.at(-1) === path.at(-1)) return undefined;
  return unpackWork({ format: view, archive: node, container: formatVosUri({ authority, path: sent.slice(0, -1) }) }, principal);
}

export function unpackWork(unpacking: Unpacking, principal: Principal): Work {
  return { kind: 'unpack', principal, input: unpacking, light: false };
}
