// What the service tells of its store, and of the servers behind it. Only this project's service does.
import type { ServerState, StoreFacts } from '../model/store-facts.ts';
import type { Asking, Session } from './session.ts';

interface Having {
  readonly session: Session;
}

/** For users. */
export function storeFacts({ session }: Having, { signal }: Asking = {}): Promise<StoreFacts> {
  return session.read((text) => JSON.parse(text) as StoreFacts, { method: 'GET', url: `${session.endpoints.base}/store`, signal });
}

/** For administrators. Empty where the operator has named no servers. */
export function serverStates({ session }: Having, { signal }: Asking = {}): Promise<readonly ServerState[]> {
  const parse = (text: string): readonly ServerState[] => (JSON.parse(text) as { readonly servers: readonly ServerState[] }).servers;
  return session.read(parse, { method: 'GET', url: `${session.endpoints.base}/admin/recon`, signal });
}
