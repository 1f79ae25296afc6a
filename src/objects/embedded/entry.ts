// The embedded store's own entry point: serves `/v1/AUTH_local/<container>/<key>` by temp URL, and 404 for anything else.
import { WorkerEntrypoint } from 'cloudflare:workers';
import { invalidTempUrl, page } from './answers.ts';
import { preflight, withCors } from './cors.ts';
import { download } from './download.ts';
import { checkTempUrl, readEpoch, readPlace, type Secret } from './gate.ts';
import type { EmbeddedPorts } from './index.ts';
import { ACCOUNT } from './layout.ts';
import { upload } from './upload.ts';

/*
 * Differences from Swift, by design: only GET, HEAD and PUT are methods of temp URLs; there are no prefix URLs and no address-bound
 * ones (the service signs neither); X-Object-Meta-* of uploaders is not kept (TempURL does not show it either); user bytes carry a
 * sandboxing policy; an upload never replaces an earlier one, it only hides it.
 */

/** The class to export from the Worker: `export class EmbeddedStore extends makeEmbeddedEntry<Env>((env) => ({ … })) {}`. */
export function makeEmbeddedEntry<Env>(ports: (env: Env) => EmbeddedPorts) {
  let held: string | undefined;
  return class EmbeddedStore extends WorkerEntrypoint<Env> {
    override async fetch(request: Request): Promise<Response> {
      const bound = ports(this.env);
      const secret: Secret = async (fresh) => (held = fresh ? await bound.secret() : (held ?? (await bound.secret())));
      try {
        return withCors(request, await serve(request, bound, secret));
      } catch {
        return withCors(request, page(503, request.method));
      }
    }
  };
}

async function serve(request: Request, ports: EmbeddedPorts, secret: Secret): Promise<Response> {
  const { method } = request;
  const url = new URL(request.url);
  const place = readPlace(url);
  if (!place) return page(404, method);
  if (method === 'OPTIONS') return preflight(request, (await readEpoch(ports.bucket, place.container)) !== undefined);
  const { searchParams: query } = url;
  if (!query.has('temp_url_sig') && !query.has('temp_url_expires'))
    return page(401, method, { 'Www-Authenticate': `Swift realm="${ACCOUNT}"` });
  const pass = await checkTempUrl(method, query, place, ports, secret);
  if (!pass) return invalidTempUrl(method);
  return method === 'PUT' ? upload(request, ports, place) : download(request, ports.bucket, place, pass);
}
