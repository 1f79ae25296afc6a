// Who may pass: checks the temp URL of a request to the embedded store.
import { containerKey as tempUrlKey, parseExpires, verifyTempUrl } from '../temp-url.ts';
import type { EmbeddedPorts } from './index.ts';
import { ACCOUNT, containerKey } from './layout.ts';
import { attempt } from './stored.ts';

/** The container and key of a path on this store; undefined for any other path. */
export interface Place {
  readonly container: string;
  readonly key: string;
  /** Unquoted: what a signature covers. */
  readonly path: string;
}

export interface Pass {
  /** Epoch seconds. */
  readonly expires: number;
  readonly filename: string | undefined;
  readonly inline: boolean;
}

/** HEAD passes with the signature of what it is the head of. */
const SIGNED_METHODS: Readonly<Record<string, readonly string[]>> = { GET: ['GET'], PUT: ['PUT'], HEAD: ['HEAD', 'GET', 'PUT'] };

export function readPlace(url: URL): Place | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const match = new RegExp(`^/v1/${ACCOUNT}/([^/]+)/(.*[^/].*)$`, 's').exec(path);
  return match ? { container: match[1] ?? '', key: match[2] ?? '', path } : undefined;
}

/** The epoch of the container's temp URL key; undefined when there is no such container. */
export async function readEpoch(bucket: R2Bucket, container: string): Promise<number | undefined> {
  const marker = await attempt(() => bucket.head(containerKey(container)));
  return marker ? Number(marker.customMetadata?.['epoch']) : undefined;
}

/** The master secret, kept by the entry; `fresh` asks again. */
export type Secret = (fresh: boolean) => Promise<string>;

/** undefined: not valid, for whatever reason. */
export async function checkTempUrl(
  method: string,
  query: URLSearchParams,
  place: Place,
  ports: EmbeddedPorts,
  secret: Secret,
): Promise<Pass | undefined> {
  const signature = query.get('temp_url_sig') ?? '';
  const expires = parseExpires(query.get('temp_url_expires') ?? '');
  const methods = SIGNED_METHODS[method];
  // Prefix and address-bound URLs are never signed by the service.
  if (query.has('temp_url_prefix') || query.has('temp_url_ip_range') || !methods) return undefined;
  if (expires === undefined || expires * 1000 < Date.now()) return undefined;
  const epoch = await readEpoch(ports.bucket, place.container);
  if (epoch === undefined) return undefined;
  const isSigned = async (master: string): Promise<boolean> => {
    const epochs = epoch > 1 ? [epoch, epoch - 1] : [epoch];
    const keys = await Promise.all(epochs.map((each) => tempUrlKey(master, place.container, each)));
    const valid = await Promise.all(methods.map((signed) => verifyTempUrl(keys, signature, { method: signed, expires, path: place.path })));
    return valid.includes(true);
  };
  const held = await secret(false);
  if (!(await isSigned(held))) {
    // The service's storage may have been made anew since the secret was read.
    const fresh = await secret(true);
    if (fresh === held || !(await isSigned(fresh))) return undefined;
  }
  return { expires, filename: query.get('filename') || undefined, inline: query.has('inline') };
}
