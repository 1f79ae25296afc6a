// Finds many files at once: each Space is asked once for its share of the list, and every item gets a signed URL of its own.
import type { Refused } from '../../durable/space/uploads/parts-port.ts';
import type { Located } from '../../durable/space/port.ts';
import { hasBytes } from '../../model/node.ts';
import { TYPE } from '../../model/property.ts';
import type { Principal } from '../../model/principal.ts';
import type { DownloadDocument, ItemDocument, ListItem } from '../../model/uploads.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { perSpace, refusedBy, refusedItem } from '../batch.ts';
import { signBytes } from './bytes-ticket.ts';
import { downloadOf, findBytes, signDownload, type Download } from './download.ts';
import { inParallel } from '../in-parallel.ts';
import type { Services } from '../services.ts';
import { pathOf } from '../uploads/negotiate.ts';

/** Items that need a closer look – links, uploads under way – at a time. */
const AT_ONCE = 8;

export async function negotiateDownloads(
  services: Services,
  principal: Principal,
  base: string,
  items: readonly ListItem<true>[],
): Promise<readonly ItemDocument<DownloadDocument>[]> {
  const wanted = items.map((item): { readonly path: NodePath } | Refused => {
    if ('refused' in item) return { kind: 'refused', ...item.refused };
    try {
      return { path: pathOf(services, item.name) };
    } catch (error) {
      return refusedBy(error);
    }
  });
  const good = wanted.filter((item) => 'path' in item);
  const located = await perSpace(services, principal, 'read', good, ({ port, items: some }) =>
    port.locateEach(some.map(({ call }) => call)),
  );
  const answers = new Map(good.map((item, i) => [item, located[i]]));
  return inParallel(wanted, AT_ONCE, async (item, i) => {
    const name = items[i]?.name ?? '';
    if (!('path' in item)) return refusedItem(name, item);
    const answer = answers.get(item);
    if (answer?.kind === 'refused') return refusedItem(name, answer);
    try {
      return await describe(services, await finish(services, principal, item.path, answer), (path) =>
        signBytes(services, base, { path, principal }),
      );
    } catch (error) {
      return refusedItem(name, refusedBy(error));
    }
  });
}

/** What is plainly there is taken as it is; everything else goes the way of a single download. */
async function finish(services: Services, principal: Principal, path: NodePath, located: Located | undefined): Promise<Download> {
  if (located?.kind !== 'bytes' || located.uploads.length > 0 || located.node.pending || !hasBytes(located.node.type))
    return findBytes(services, path, principal);
  return downloadOf(services, path, located);
}

async function describe(
  services: Services,
  download: Download,
  throughService: (path: NodePath) => ReturnType<typeof signDownload>,
): Promise<DownloadDocument> {
  const { path, node, key, signable } = download;
  const type = node.properties.find(({ uri }) => uri === TYPE)?.value;
  const signed = key ? await (signable ? signDownload(services, download) : throughService(path)) : undefined;
  return {
    uri: formatVosUri({ authority: services.config.authority, path }),
    size: node.size,
    ...(node.md5 === undefined ? {} : { md5: node.md5 }),
    ...(type === undefined ? {} : { type }),
    ...(signed && { url: signed.url, urlsExpire: new Date(signed.expires).toISOString() }),
  };
}
