// Reading bytes: from a path, over links, to a signed URL or a stream.
import { asFault, Fault } from '../../faults.ts';
import type { Located, NodeState } from '../../durable/space/port.ts';
import { GET_URL_LIFE } from '../../model/limits.ts';
import { hasBytes } from '../../model/node.ts';
import type { Principal } from '../../model/principal.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { ByteRange, ObjectKey, StoreContainer } from '../../objects/port.ts';
import { follow, type Step } from '../links.ts';
import type { Services } from '../services.ts';
import { settleSoon } from '../uploads/settle.ts';
import { lookAgain, readStored } from './stored.ts';

export interface Download {
  readonly path: NodePath;
  readonly node: NodeState;
  readonly container: StoreContainer;
  /** Undefined: the node has never had bytes, and reads as empty. */
  readonly key: ObjectKey | undefined;
  /** The object was adopted. */
  readonly foreign: boolean;
  /** A temp URL opens it. */
  readonly signable: boolean;
}

/** Finds the bytes. Throws NodeBusy while a node's first upload is under way: it is not an empty file. */
export async function findBytes(services: Services, path: NodePath, principal: Principal): Promise<Download> {
  const { authority } = services.config;
  const step = async (at: NodePath): Promise<Step<Extract<Located, { kind: 'bytes' }>>> => {
    const locate = () => services.spaces.at(at, principal, 'read', ({ space, call }) => space.locate(call));
    let located = await locate();
    if (located.kind === 'bytes' && located.uploads.length > 0 && (await settleSoon(services, at, principal, located.uploads)))
      located = await locate();
    return located.kind === 'link' ? located : { kind: 'arrived', value: located };
  };
  const { path: found, value } = await follow(authority, path, step);
  const uri = formatVosUri({ authority, path: found });
  if (!hasBytes(value.node.type)) throw new Fault('InvalidArgument', `${uri} is a ${value.node.type}, which has no bytes`);
  if (value.node.pending) throw new Fault('NodeBusy', `${uri}: its first upload is under way`, { 'Retry-After': '1' });
  return downloadOf(services, found, value);
}

/** The bytes of a node that has been found. */
export async function downloadOf(services: Services, path: NodePath, located: Extract<Located, { kind: 'bytes' }>): Promise<Download> {
  const { node, container, key } = located;
  if (key === undefined) return { path, node, container, key, foreign: false, signable: false };
  const place = await services.spaces.placeOf({ ...located, key });
  if (!place.foreign) return { path, node, ...place, signable: true };
  return { path, ...place, ...(await lookAgain(services, place, node, formatVosUri({ authority: services.config.authority, path }))) };
}

/** A signed URL for the bytes, and when it ends, epoch milliseconds. NodeNotFound when there are none. */
export async function signDownload(services: Services, download: Download): Promise<{ readonly url: string; readonly expires: number }> {
  if (!download.key)
    throw new Fault('NodeNotFound', `${formatVosUri({ authority: services.config.authority, path: download.path })} has no bytes yet`);
  const expires = services.clock() + GET_URL_LIFE;
  const filename = download.path.at(-1) ?? '';
  const url = await services.objects.sign({
    method: 'GET',
    container: download.container,
    key: download.key,
    expires: Math.floor(expires / 1000),
    filename,
  });
  return { url, expires };
}

export async function openDownload(services: Services, download: Download, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null> {
  if (!download.key || download.node.size === 0) return null;
  return readStored(services, { ...download, key: download.key }, range).catch((error: unknown) => {
    const fault = asFault(error)?.fault;
    const uri = formatVosUri({ authority: services.config.authority, path: download.path });
    if (fault === 'NotFound') throw new Fault('TransferFailed', `${uri}: the store does not have its bytes`);
    if (fault === 'Conflict') throw new Fault('TransferFailed', `${uri}: its uploader has destroyed the bytes at the store`);
    throw error;
  });
}
