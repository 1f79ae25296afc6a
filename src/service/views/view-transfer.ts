// Negotiates pullFromVoSpace with a view that the service makes: the endpoint is the service's own.
import { Fault } from '../../faults.ts';
import { ANONYMOUS } from '../../model/principal.ts';
import { PUBLIC_SHARE, type Protocol, type Transfer } from '../../model/transfer.ts';
import { isArchive, viewUri, type MadeView } from '../../model/view.ts';
import { formatPath, formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';
import { makeView, writeViewTicket } from './views.ts';
import type { Negotiated, Negotiation } from '../transfers.ts';

/** `asked`: the protocols of the request that can be served. What would refuse the bytes refuses the negotiation. */
export async function negotiateView(
  services: Services,
  transfer: Transfer,
  view: MadeView,
  targets: readonly NodePath[],
  asked: readonly Protocol[],
  { principal, base }: Negotiation,
): Promise<Negotiated> {
  const uris = targets.map((path) => formatVosUri({ authority: services.config.authority, path }));
  const [first] = uris;
  if (first === undefined || (targets.length > 1 && !isArchive(view)))
    throw new Fault('InvalidArgument', `${viewUri(view)} is a view of exactly one target`);
  const { filename } = await makeView(services, { view, targets, principal });
  const protocols: Protocol[] = [];
  for (const protocol of asked) {
    if (protocol.uri === PUBLIC_SHARE) {
      // "a plain GET without authentication": only what everybody may read can be shared so.
      const isPublic = await makeView(services, { view, targets, principal: ANONYMOUS }).then(
        () => true,
        () => false,
      );
      if (isPublic) protocols.push({ ...protocol, endpoint: openEndpoint(base, view, targets, uris) });
    } else if (protocol.securityMethods.length > 0) protocols.push({ ...protocol, endpoint: openEndpoint(base, view, targets, uris) });
    else {
      const ticket = await writeViewTicket(services, { view, targets, principal });
      protocols.push({ ...protocol, endpoint: `${base}/files/preauth:${ticket}${formatPath([filename])}` });
    }
  }
  if (protocols.length === 0) throw new Fault('ProtocolNotSupported', 'the nodes are not public');
  return { details: { ...transfer, protocols, version: '2.1' }, node: first };
}

/** For those who sign in there, or need not. */
function openEndpoint(base: string, view: MadeView, targets: readonly NodePath[], uris: readonly string[]): string {
  const [path = [], ...others] = targets;
  if (others.length === 0) return `${base}/files${formatPath(path)}?view=${view}`;
  return `${base}/files?view=${view}${uris.map((uri) => `&target=${encodeURIComponent(uri)}`).join('')}`;
}
