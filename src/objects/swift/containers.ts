// Swift containers: their temp URL keys and CORS, listing, and deleting objects in numbers.
import { Fault } from '../../faults.ts';
import type { ListPage, ObjectKey, StoreContainer } from '../port.ts';
import { quotePath } from '../temp-url.ts';
import type { SwiftClient } from './client.ts';
import { objectPath, unexpected, unquote } from './objects.ts';
import { inParallel } from './parallel.ts';

export const PAGE = 1000;
/** Below this many, single DELETEs are as quick as a bulk one. */
const BULK_FROM = 5;
/** Any origin may use a temp URL: the URL is the secret. */
const CORS = {
  'X-Container-Meta-Access-Control-Allow-Origin': '*',
  'X-Container-Meta-Access-Control-Max-Age': '3600',
  'X-Container-Meta-Access-Control-Expose-Headers': 'accept-ranges content-disposition content-length content-range etag last-modified',
};

/** `keys`: of the epoch in force, and of the one before if there is one. */
export async function prepareContainer(client: SwiftClient, container: StoreContainer, keys: readonly [string, string?]): Promise<void> {
  const [current, previous] = keys;
  const second: Record<string, string> =
    previous === undefined ? { 'X-Remove-Container-Meta-Temp-URL-Key-2': 'x' } : { 'X-Container-Meta-Temp-URL-Key-2': previous };
  const answer = await client.send({
    method: 'PUT',
    path: `/${quotePath(container.name)}`,
    headers: { ...CORS, ...second, 'X-Container-Meta-Temp-URL-Key': current },
    body: '',
  });
  await answer.body?.cancel();
  if (!answer.ok) throw unexpected('PUT container', answer.status);
}

export async function dropContainer(client: SwiftClient, container: StoreContainer): Promise<void> {
  const answer = await client.send({ method: 'DELETE', path: `/${quotePath(container.name)}` });
  await answer.body?.cancel();
  if (answer.status === 409) throw new Fault('Conflict', 'the store container is not empty');
  if (!answer.ok && answer.status !== 404) throw unexpected('DELETE container', answer.status);
}

interface ListingRow {
  readonly name: string;
  readonly bytes: number;
  readonly hash: string;
  readonly content_type: string;
  readonly last_modified: string;
  /** Present on manifests; `hash` is then the manifest's own. */
  readonly slo_etag?: string;
}

export async function listObjects(client: SwiftClient, container: StoreContainer, prefix: string, after = ''): Promise<ListPage> {
  const query = new URLSearchParams({ format: 'json', limit: String(PAGE), prefix, marker: after });
  const answer = await client.send({ method: 'GET', path: `/${quotePath(container.name)}`, query: String(query) });
  if (!answer.ok) await answer.body?.cancel();
  if (answer.status === 404) return { objects: [] };
  if (!answer.ok) throw unexpected('GET container', answer.status);
  const rows = (await answer.json()) as readonly ListingRow[];
  const objects = rows.map((row) => ({
    key: row.name as ObjectKey,
    size: row.bytes,
    md5: row.slo_etag === undefined ? row.hash : undefined,
    etag: unquote(row.slo_etag ?? row.hash),
    type: row.content_type,
    // Swift leaves the zone out: it is UTC.
    modified: Date.parse(`${row.last_modified}Z`),
  }));
  const last = objects.at(-1);
  return objects.length === PAGE && last ? { objects, next: last.key } : { objects };
}

export async function deleteObjects(
  client: SwiftClient,
  container: StoreContainer,
  keys: readonly ObjectKey[],
  bulk: () => Promise<boolean>,
): Promise<void> {
  if (keys.length >= BULK_FROM && (await bulk())) return bulkDelete(client, container, keys);
  await inParallel(keys, async (key) => {
    const answer = await client.send({ method: 'DELETE', path: objectPath(container, key) });
    await answer.body?.cancel();
    if (!answer.ok && answer.status !== 404) throw unexpected('DELETE', answer.status);
  });
}

async function bulkDelete(client: SwiftClient, container: StoreContainer, keys: readonly ObjectKey[]): Promise<void> {
  const answer = await client.send({
    method: 'POST',
    path: '',
    query: 'bulk-delete',
    headers: { 'Content-Type': 'text/plain', Accept: 'application/json' },
    body: keys.map((key) => `${objectPath(container, key)}\n`).join(''),
    timeout: 120_000,
  });
  if (!answer.ok) await answer.body?.cancel();
  if (!answer.ok) throw unexpected('bulk delete', answer.status);
  // The status is 200 whatever happened: the outcome is in the body.
  const outcome = (await answer.json().catch(() => ({ 'Response Status': 'unreadable' }))) as {
    'Response Status'?: string;
    Errors?: readonly unknown[];
  };
  const failed = outcome.Errors?.length ?? 0;
  if (failed > 0 || !/^(200|404)/.test(outcome['Response Status'] ?? '')) {
    throw new Fault(
      'ServiceBusy',
      `the object store did not delete ${failed} of ${keys.length} objects (${outcome['Response Status'] ?? 'no status'})`,
    );
  }
}
