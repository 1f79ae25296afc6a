// What the service as a whole offers: its protocols, views and properties. VOSpace 2.1 section 6.1.
import type { Config } from '../config.ts';
import type { View } from '../model/node.ts';
import { ACCEPTED_PROPERTIES, PROVIDED_PROPERTIES } from '../model/property.ts';
import { HTTP_GET, HTTP_PUT, HTTPS_GET, HTTPS_PUT, PUBLIC_SHARE, type Protocol } from '../model/transfer.ts';
import { ARCHIVE_VIEWS, MADE_VIEWS, viewUri } from '../model/view.ts';
import { ROOT } from '../model/space-id.ts';
import { ANY_VIEW, BINARY_VIEW, DEFAULT_VIEW } from './nodes/document.ts';
import type { Services } from './services.ts';

const protocol = (uri: string): Protocol => ({ uri, securityMethods: [] });

/** accepts: the service as a client of the protocol, where its operator lets it out; provides: as its server. */
export function protocols({ transferHosts }: Config): { readonly accepts: readonly Protocol[]; readonly provides: readonly Protocol[] } {
  const both = [HTTP_GET, HTTPS_GET, HTTP_PUT, HTTPS_PUT];
  return { accepts: transferHosts.length === 0 ? [] : both.map(protocol), provides: [...both, PUBLIC_SHARE].map(protocol) };
}

export const VIEWS: { readonly accepts: readonly View[]; readonly provides: readonly View[] } = {
  accepts: [{ uri: ANY_VIEW }, { uri: BINARY_VIEW }, ...ARCHIVE_VIEWS.map((view) => ({ uri: viewUri(view) }))],
  provides: [{ uri: DEFAULT_VIEW }, { uri: BINARY_VIEW }, ...MADE_VIEWS.map((view) => ({ uri: viewUri(view) }))],
};

/** `contains`: every property URI that some node has, gathered from all Spaces and kept by the root. */
export async function properties(
  services: Services,
): Promise<{ readonly accepts: readonly string[]; readonly provides: readonly string[]; readonly contains: readonly string[] }> {
  const used = await services.spaces.space(ROOT).usedProperties();
  return { accepts: ACCEPTED_PROPERTIES, provides: PROVIDED_PROPERTIES, contains: [...new Set([...PROVIDED_PROPERTIES, ...used])].sort() };
}
