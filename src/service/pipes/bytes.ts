// The bytes of a chunk, as those of a node are read: the right to read the pipe is the grant.
import { Fault } from '../../faults.ts';
import type { ChunkBytes } from '../../durable/pipe/port.ts';
import type { NodeState } from '../../durable/space/port.ts';
import { fromBase64 } from '../../model/base64.ts';
import type { Principal } from '../../model/principal.ts';
import { TYPE } from '../../model/property.ts';
import { parsePath } from '../../model/vos-uri.ts';
import type { Download } from '../downloads/download.ts';
import { lookAgain } from '../downloads/stored.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { placeOfPinned } from './place-of.ts';

export type OpenedChunk =
  | { readonly kind: 'inline'; readonly node: NodeState; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'stored'; readonly download: Download };

/** Throws PipeNotFound, PermissionDenied, ChunkNotFound, and ChunkMismatch for an adopted object that others have changed. */
export async function openChunk(services: Services, text: string, principal: Principal, seq: number): Promise<OpenedChunk> {
  const { pipe } = await pipeAt(services, text);
  const chunk = await pipe.chunk(principal, seq);
  const path = parsePath(chunk.name);
  const node = nodeOf(chunk, path.at(-1) ?? '');
  if (chunk.bytes.kind === 'inline') return { kind: 'inline', node, bytes: fromBase64(chunk.bytes.data) };
  const place = await placeOfPinned(services, chunk.bytes);
  if (!place.foreign) return { kind: 'stored', download: { path, node, ...place, signable: true } };
  const found = await lookAgain(services, place, node, chunk.name);
  const isSame = found.node.size === chunk.size && (found.node.md5 ?? chunk.md5) === (chunk.md5 ?? found.node.md5);
  if (!isSame) throw new Fault('ChunkMismatch', `${chunk.name}: the adopted object has been changed since it was written into the pipe`);
  return { kind: 'stored', download: { path, node, ...place, signable: found.signable } };
}

/** What the answer says of bytes it takes from a node: this is one that never changes. */
function nodeOf({ size, md5, type, ready }: ChunkBytes, name: string): NodeState {
  return {
    name,
    type: 'DataNode',
    readable: true,
    writable: false,
    access: { owner: '', isPublic: false, inherit: false, groupRead: [], groupWrite: [] },
    immutable: true,
    locked: false,
    target: undefined,
    size,
    md5,
    created: ready,
    dataChanged: ready,
    changed: ready,
    busy: false,
    pending: false,
    properties: type === undefined ? [] : [{ uri: TYPE, value: type }],
    quota: undefined,
    mount: undefined,
  };
}
