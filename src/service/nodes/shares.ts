// Shares: URLs that let anybody read one node, or what is in one container, as far and as long as whoever made them may.
import { asFault, Fault } from '../../faults.ts';
import type { Reading } from '../../durable/space/port.ts';
import type { Shared } from '../../durable/space/nodes/shares-port.ts';
import type { ShareRecord } from '../../auth/share-port.ts';
import { MAX_SHARE_LIFE, SHARE_LIFE } from '../../model/limits.ts';
import { hasBytes, type Listing } from '../../model/node.ts';
import type { Principal, UserId } from '../../model/principal.ts';
import { randomText, sha256Hex } from '../../model/secret.ts';
import { formatVosUri, parseSegment, type NodePath } from '../../model/vos-uri.ts';
import { downloadOf, type Download } from '../downloads/download.ts';
import type { Services } from '../services.ts';
import { settleSoon } from '../uploads/settle.ts';

type User = Extract<Principal, { readonly kind: 'user' }>;

/** Random bytes of a token. */
const TOKEN = 32;

/** `expires`: epoch milliseconds. The token is in this answer only. */
export async function createShare(
  services: Services,
  user: User,
  path: NodePath,
  expires: number = services.clock() + SHARE_LIFE,
): Promise<ShareRecord & { readonly token: string }> {
  const uri = formatVosUri({ authority: services.config.authority, path });
  const now = services.clock();
  if (expires <= now || expires > now + MAX_SHARE_LIFE) throw new Fault('InvalidArgument', 'expires: a time within a year from now');
  if (path.length === 0) throw new Fault('InvalidArgument', `uri: ${uri} is the root`);
  const { id: space, node, type } = await pin(services, path, user);
  if (type === 'LinkNode') throw new Fault('InvalidArgument', `uri: ${uri} is a link: share what it leads to`);
  const maker = makerOf(services, user.id, await services.directory.groupsOf(user.id));
  await pin(services, path, maker).catch((error: unknown) => {
    if (asFault(error)?.fault !== 'PermissionDenied') throw error;
    throw new Fault('PermissionDenied', `${uri}: you may read it by groups that only your token names, which are not there later on`);
  });
  const token = randomText(TOKEN);
  const share = await services.directory.addShare(user.id, { hash: await sha256Hex(token), space, node, uri, expires });
  return { ...share, token };
}

export type Opened =
  | { readonly kind: 'bytes'; readonly download: Download }
  /** `next`: where the following page begins. Sealed: the node there may be one that the share's maker may not read. */
  | { readonly kind: 'container'; readonly name: string; readonly children: Reading['children']; readonly next?: string };

/** What the token opens, or lies below it. NotFound, in the same words, for all that cannot be read by it. */
export async function openShare(services: Services, token: string, rest: NodePath, asked: Listing): Promise<Opened> {
  const hash = await sha256Hex(token);
  const share = await services.directory.openShare(hash);
  if (!share) throw notFound();
  const purpose = JSON.stringify(['share', hash, rest]);
  const listing = await openPage(services, asked, purpose);
  const principal = makerOf(services, share.maker, share.groups);
  const ask = (): Promise<Shared> =>
    services.spaces
      .space(share.space)
      .shared({ node: share.node, rest, principal, listing })
      .catch((error: unknown) => {
        const fault = asFault(error)?.fault;
        if (fault === 'LinkFound') throw new Fault('LinkFound', 'links are not followed in a share');
        throw fault === 'NodeNotFound' || fault === 'PermissionDenied' ? notFound() : error;
      });
  let shared = await ask();
  const path = shared.path.map((name) => parseSegment(encodeURIComponent(name)));
  if (shared.kind === 'bytes' && shared.located.uploads.length > 0) {
    if (await settleSoon(services, path, principal, shared.located.uploads)) shared = await ask();
  }
  if (shared.kind === 'container') {
    const { children, next } = shared.reading;
    const more = next === undefined ? {} : { next: await services.cursors.seal({ start: next }, purpose) };
    return { kind: 'container', name: path.at(-1) ?? '', children, ...more };
  }
  const { node } = shared.located;
  if (!hasBytes(node.type)) throw new Fault('InvalidArgument', `${node.name} is a ${node.type}, which has no bytes`);
  if (node.pending) throw new Fault('NodeBusy', `${node.name}: its first upload is under way`, { 'Retry-After': '1' });
  return { kind: 'bytes', download: await downloadOf(services, path, shared.located) };
}

/** With the name that the `next` of the page before stands for. */
async function openPage(services: Services, { start, ...listing }: Listing, purpose: string): Promise<Listing> {
  if (start === undefined) return listing;
  const place = await services.cursors.open(start, purpose);
  if (typeof place === 'object' && place !== null && 'start' in place) return { ...listing, start: String(place.start) };
  throw new Fault('InvalidArgument', 'start: not the next of a page of this container');
}

function notFound(): Fault {
  return new Fault('NotFound', 'there is no such share, or nothing there');
}

function pin(services: Services, path: NodePath, principal: Principal) {
  return services.spaces.at(path, principal, 'read', async ({ id, space, call }) => ({ id, ...(await space.pin(call)) }));
}

/** With the rights that the service itself knows of. */
function makerOf({ config }: Services, id: UserId, groups: User['groups']): Principal {
  return { kind: 'user', id, groups, admin: id === config.admin?.user };
}
