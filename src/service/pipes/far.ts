// The other VOSpace at one end of a pipe: the way there, with what was entrusted for it.
import type { SealedCredential } from '../../durable/pipe/port.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { PipeDefinition, PipeEnd } from '../../model/pipe.ts';
import { LENGTH, MD5 } from '../../model/property.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import { Elsewhere } from '../carry/elsewhere.ts';
import type { Outside } from '../carry/outside.ts';
import { abroad, Trouble } from '../carry/trouble.ts';
import type { Credential } from '../../model/json/credentials.ts';
import type { Services } from '../services.ts';
import { openCredentials } from './credentials.ts';

export type FarEnd = Extract<PipeEnd, { readonly kind: 'foreign' }>;

export interface Far {
  readonly authority: string;
  readonly vospace: Vospace;
  readonly elsewhere: Elsewhere;
  readonly outside: Outside;
}

/** `base`: the service's own URL as users know it. Throws Trouble for an authority that is unknown or this service's own. */
export function openFar(services: Services, base: string, { uri, endpoint }: FarEnd, credentials: readonly Credential[]): Far {
  const outside = services.outside(base);
  const { authority } = parseVosUri(uri);
  const endpoints = new Map(endpoint === undefined ? [] : [[authority as string, endpoint]]);
  const elsewhere = new Elsewhere(services.config, outside, credentials, endpoints);
  return { ...elsewhere.connect(uri), elsewhere, outside };
}

/** The same for a task, whose credentials are sealed. */
export async function farOf(
  services: Services,
  task: { readonly definition: PipeDefinition; readonly credentials: readonly SealedCredential[] },
  end: FarEnd,
): Promise<Far> {
  return openFar(services, task.definition.base, end, await openCredentials(services, task.definition.id, task.credentials));
}

/** A node there; undefined: there is none. Throws Trouble. */
export async function lookThere({ vospace, authority }: Far, uri: string, signal?: AbortSignal): Promise<NodeDocument | undefined> {
  return abroad(authority, async () => (await vospace.nodes.get(uri, { limit: 0, detail: 'max', signal })).node).catch((error: unknown) => {
    if (error instanceof Trouble && error.status === 404) return undefined;
    throw error;
  });
}

/** What a node there says of its bytes. */
export function bytesThere({ properties }: NodeDocument): { readonly size: number | undefined; readonly md5: string | undefined } {
  const value = (uri: string): string =>
    properties
      .find((property) => property.uri === uri)
      ?.value.trim()
      .toLowerCase() ?? '';
  return {
    size: /^\d{1,15}$/.test(value(LENGTH)) ? Number(value(LENGTH)) : undefined,
    md5: /^[0-9a-f]{32}$/.test(value(MD5)) ? value(MD5) : undefined,
  };
}

/** Makes a container, and those above it that are missing. False: it was there. Throws Trouble. */
export async function makeThere(far: Far, uri: string, signal?: AbortSignal): Promise<boolean> {
  const create = (): Promise<unknown> => abroad(far.authority, () => far.vospace.nodes.create(uri, { type: 'ContainerNode' }, { signal }));
  const above = uri.slice(0, uri.lastIndexOf('/'));
  try {
    await create();
    return true;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.status === 409) return false;
    if (error.status !== 404 || parseVosUri(above).path.length === 0) throw error;
  }
  await makeThere(far, above, signal);
  await create().catch((error: unknown) => {
    if (!(error instanceof Trouble) || error.status !== 409) throw error;
  });
  return true;
}
