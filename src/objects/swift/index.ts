// The Swift store: Objects on an OpenStack Swift account, one Swift container per Space.
import type { SwiftConfig } from '../../config.ts';
import { Fault } from '../../faults.ts';
import type { AccountUse } from '../../model/store-facts.ts';
import type { ForeignObjects } from '../foreign-port.ts';
import type { StoreKeysPort } from '../keys.ts';
import type { Objects, StoreContainer } from '../port.ts';
import { containerKey } from '../temp-url.ts';
import { formatTempUrl } from '../temp-url-format.ts';
import { makeSwiftClient, type SwiftClient } from './client.ts';
import { deleteObjects, dropContainer, listObjects, prepareContainer } from './containers.ts';
import { makeForeign } from './foreign.ts';
import { getObject, headObject, putObject } from './objects.ts';
import { assembleObject, lookAt, MAX_SEGMENTS, sealObject } from './seal.ts';

export interface SwiftOptions {
  /** Milliseconds that one request may wait for its answer's headers; default 30,000. */
  readonly timeout?: number;
}

interface Info {
  readonly swift?: { readonly version?: string; readonly max_file_size?: number };
  readonly tempurl?: { readonly methods?: readonly string[]; readonly allowed_digests?: readonly string[] };
  readonly slo?: { readonly max_manifest_segments?: number };
  readonly bulk_delete?: object;
  readonly account_quotas?: object;
  readonly container_quotas?: object;
}

/** Swift's default max_file_size. */
const DEFAULT_MAX_PUT = 5 * 1024 ** 3 + 2;

/**
 * `origin` and `maxPut` are what the configuration and Swift's defaults say until the first answer of the store has told better:
 * after `health()` both are right.
 */
export function makeSwiftObjects(
  config: SwiftConfig,
  keys: StoreKeysPort,
  options: SwiftOptions = {},
): Objects & { readonly foreign: ForeignObjects } {
  const client = makeSwiftClient(config, keys, options.timeout ?? 30_000);
  let secret: string | undefined;
  let info: Info | undefined;

  const key = async ({ name }: StoreContainer, epoch: number): Promise<string> =>
    containerKey((secret ??= await keys.secret()), name, epoch);
  const discover = async (): Promise<Info> => {
    if (info) return info;
    const answer = await client.open('/info');
    // An operator may hide /info: then nothing optional is assumed.
    const read = answer.ok ? ((await answer.json().catch(() => ({}))) as Info) : {};
    if (!answer.ok) await answer.body?.cancel();
    return (info = read);
  };

  const maxPut = (): number => info?.swift?.max_file_size ?? DEFAULT_MAX_PUT;

  return {
    kind: 'swift',
    get origin() {
      return new URL(client.storageUrl() ?? config.authUrl).origin;
    },
    get maxPut() {
      return maxPut();
    },
    async limits() {
      const { slo } = await discover();
      return { maxPut: maxPut(), maxSegments: Math.min(MAX_SEGMENTS, slo?.max_manifest_segments ?? MAX_SEGMENTS) };
    },
    async prepare(container) {
      const current = await key(container, container.epoch);
      await prepareContainer(client, container, container.epoch > 1 ? [current, await key(container, container.epoch - 1)] : [current]);
    },
    drop: (container) => dropContainer(client, container),
    sign: async (request) => formatTempUrl(await client.account(), await key(request.container, request.container.epoch), request),
    head: async (container, object, toSeal = false) => (await (toSeal ? lookAt : headObject)(client, container, object))?.info,
    put: (container, object, request) => putObject(client, container, object, request, maxPut()),
    get: (container, object, range) => getObject(client, container, object, range),
    seal: (container, from, to, expected) => sealObject(client, container, from, to, expected),
    assemble: (container, to, segments, type) => assembleObject(client, container, to, segments, type),
    delete: (container, objects) => deleteObjects(client, container, objects, async () => (await discover()).bulk_delete !== undefined),
    list: (container, prefix, after) => listObjects(client, container, prefix, after),
    foreign: makeForeign(client, key),
    async facts() {
      const account = await accountUse(client);
      const { swift, tempurl, slo, bulk_delete, account_quotas, container_quotas } = await discover();
      return {
        kind: 'swift',
        ...(swift?.version !== undefined && { version: swift.version }),
        origin: new URL(await client.account()).origin,
        maxPut: maxPut(),
        maxSegments: Math.min(MAX_SEGMENTS, slo?.max_manifest_segments ?? MAX_SEGMENTS),
        ...(tempurl && { tempUrl: { methods: tempurl.methods ?? [], digests: tempurl.allowed_digests ?? [] } }),
        staticLargeObjects: slo !== undefined,
        bulkDelete: bulk_delete !== undefined,
        quotas: [...(account_quotas ? (['account'] as const) : []), ...(container_quotas ? (['container'] as const) : [])],
        account,
      };
    },
    async health() {
      const answer = await client.send({ method: 'HEAD', path: '' });
      await answer.body?.cancel();
      if (!answer.ok)
        throw new Fault('ServiceBusy', `the object store answers ${answer.status} for its account: is SWIFT_STORAGE_URL right?`);
      info = undefined;
      const { tempurl, slo, swift } = await discover();
      if (swift && !tempurl) throw new Fault('ServiceBusy', 'the object store has no TempURL: add tempurl to the proxy pipeline');
      if (tempurl?.allowed_digests && !tempurl.allowed_digests.includes('sha256'))
        throw new Fault('ServiceBusy', 'the object store does not take SHA-256 temp URLs: add sha256 to allowed_digests');
      if (swift && !slo) throw new Fault('ServiceBusy', 'the object store has no static large objects: add slo to the proxy pipeline');
      return { detail: `Swift ${swift?.version ?? ''} at ${new URL(await client.account()).origin}, ${config.auth}`.replace('  ', ' ') };
    },
  };
}

/** What the account holds. Throws ServiceBusy where it does not answer. */
async function accountUse(client: SwiftClient): Promise<AccountUse> {
  const answer = await client.send({ method: 'HEAD', path: '' });
  await answer.body?.cancel();
  if (!answer.ok) throw new Fault('ServiceBusy', `the object store answers ${answer.status} for its account`);
  const count = (name: string): number => Number(answer.headers.get(`X-Account-${name}`) ?? 0);
  const quota = answer.headers.get('X-Account-Meta-Quota-Bytes');
  return {
    containers: count('Container-Count'),
    objects: count('Object-Count'),
    bytes: count('Bytes-Used'),
    ...(quota !== null && quota !== '' && { quota: Number(quota) }),
  };
}
