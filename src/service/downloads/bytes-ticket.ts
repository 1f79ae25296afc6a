// The right to read the bytes of one node through the service without signing in: for those that no temp URL opens.
import { GET_URL_LIFE } from '../../model/limits.ts';
import { ANONYMOUS, type Principal } from '../../model/principal.ts';
import { formatPath, formatVosUri, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

const KIND = 'bytes';

export interface BytesRequest {
  readonly path: NodePath;
  readonly principal: Principal;
}

/** The endpoint, and when it ends, epoch milliseconds: as long as a signed URL lives. */
export async function signBytes(
  services: Services,
  base: string,
  { path, principal }: BytesRequest,
): Promise<{ readonly url: string; readonly expires: number }> {
  const expires = services.clock() + GET_URL_LIFE;
  const body = JSON.stringify({ target: formatVosUri({ authority: services.config.authority, path }), principal, expires });
  return { url: `${base}/files/preauth:${await services.tickets.seal(KIND, body)}${formatPath(path.slice(-1))}`, expires };
}

/** Undefined for what `signBytes` has not made, or whose time is over. */
export async function readBytesTicket(services: Services, text: string): Promise<BytesRequest | undefined> {
  const body = await services.tickets.open(KIND, text);
  if (body === undefined) return undefined;
  // Sealed: only signBytes can have made it.
  const { target, principal, expires } = JSON.parse(body) as { target: string; principal: Principal; expires: number };
  if (expires < services.clock()) return undefined;
  return { path: parseVosUri(target).path, principal: principal.kind === 'user' ? principal : ANONYMOUS };
}
