// What a user entrusts to a pipe for the VOSpace at its other end: sealed for this pipe, and for the origin that the registry names at that moment.
import type { SealedCredential } from '../../durable/pipe/port.ts';
import { Fault } from '../../faults.ts';
import type { Credential } from '../../model/json/credentials.ts';
import type { PipeDefinition, PipeId } from '../../model/pipe.ts';
import { parseVosUri, type Authority } from '../../model/vos-uri.ts';
import { seal, unseal } from '../secrets.ts';
import type { Services } from '../services.ts';

interface Kept {
  readonly credential: Credential;
  readonly origin: string;
}

/**
 * Throws InvalidArgument for an authority that is at no end of the pipe, that is named twice, or whose endpoint is not where the registry leads:
 * nothing is sent there.
 */
export async function sealCredentials(
  services: Pick<Services, 'config' | 'keys'>,
  { id, source, destination }: Pick<PipeDefinition, 'id' | 'source' | 'destination'>,
  credentials: readonly Credential[],
): Promise<readonly SealedCredential[]> {
  const ends = new Map<Authority, string | undefined>();
  for (const end of [source, destination]) if (end.kind === 'foreign') ends.set(parseVosUri(end.uri).authority, end.endpoint);
  const sealed: SealedCredential[] = [];
  for (const credential of credentials) {
    const { authority } = credential;
    if (!ends.has(authority)) throw new Fault('InvalidArgument', `credentials for ${authority}, which is at no end of the pipe`);
    if (sealed.some((one) => one.authority === authority)) throw new Fault('InvalidArgument', `credentials for ${authority} twice`);
    const origin = originOf(services, authority);
    const endpoint = ends.get(authority);
    if (origin === undefined || (endpoint !== undefined && URL.parse(endpoint)?.origin !== origin))
      throw new Fault('InvalidArgument', `credentials for ${authority}, whose endpoint is not one of this service's registry (REGISTRY)`);
    const kept: Kept = { credential, origin };
    sealed.push({ authority, sealed: await seal(services.keys, boundTo(id), JSON.stringify(kept)) });
  }
  return sealed;
}

/** Those that may still go to where they were entrusted for: a registry that leads elsewhere by now gets none. */
export async function openCredentials(
  services: Pick<Services, 'config' | 'keys'>,
  pipe: PipeId,
  sealed: readonly SealedCredential[],
): Promise<readonly Credential[]> {
  const opened = await Promise.all(sealed.map((one) => unseal(services.keys, boundTo(pipe), one.sealed)));
  const kept = opened.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as Kept]));
  return kept.filter(({ credential, origin }) => originOf(services, credential.authority) === origin).map(({ credential }) => credential);
}

function originOf({ config }: Pick<Services, 'config'>, authority: Authority): string | undefined {
  return URL.parse(config.registry.get(authority) ?? '')?.origin;
}

function boundTo(pipe: PipeId): string {
  return `pipe ${pipe}`;
}
