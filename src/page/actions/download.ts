// Downloads go past the page: the browser itself fetches a signed URL. One file as it is; a folder, or several nodes, as one zip.
import type { Negotiated } from '../../client/transfers.ts';
import { hasBytes } from '../../model/node.ts';
import { notify } from '../app/notices.tsx';
import { nameOf, uriOf } from '../app/place.ts';
import { ownKind, vospace } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';

export async function download(targets: readonly Target[]): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const { authority, path } = first.place;
  if (targets.some(({ place }) => place.authority !== authority))
    throw new Error('these are in two VOSpaces: download them one after the other');
  const { transfers, session } = await vospace(authority);
  const single = targets.length === 1 && first.node.type !== 'ContainerNode';
  if (single && !hasBytes(first.node.type) && first.node.type !== 'LinkNode') throw new Error('this node has no bytes');
  if (!single) await ownKind(authority, 'archives of folders, or of several files');
  const negotiated = single
    ? await transfers.request('pullFromVoSpace', path)
    : await transfers.archive(targets.map(({ place }) => uriOf(place)));
  await fetchByBrowser(openUrl(negotiated), session.codec.ours);
  notify({ kind: 'told', text: single ? `“${nameOf(first.place)}” is being downloaded.` : 'The zip is being downloaded.' });
}

/** The first that needs nobody's credentials: those are not for the browser. Throws Error where there is none. */
export function openUrl({ endpoints }: Negotiated): string {
  const open = endpoints.find(({ protocol }) => protocol.securityMethods.length === 0);
  if (!open) throw new Error('the service has no URL for it that works without credentials: the command line can download it.');
  return open.url;
}

/** A signed URL whose answer the browser keeps as a file. */
export async function fetchByBrowser(url: string, ours: boolean): Promise<void> {
  // Once the bytes flow nothing on the page changes any more; a refusal at this point would take the page's place.
  if (ours) await check(url);
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noopener noreferrer';
  if (!ours) link.target = '_blank';
  link.click();
}

async function check(url: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'HEAD', credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!ok) throw new Error(`the store answers ${status}`);
}
