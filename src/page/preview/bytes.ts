// The bytes of a node for a preview: by signed URLs straight from the store, as much of them as is wanted.
import { Transfers } from '../../client/transfers.ts';
import { Jobs } from '../../client/jobs.ts';
import { VospaceError } from '../../client/error.ts';
import { LENGTH } from '../../model/property.ts';
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { session } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';

export interface Bytes {
  /** Of the whole; undefined where the node does not tell. */
  readonly size: number | undefined;
  /** The bytes from `start` to `end` (not counted in), or to the last. `also`: another reason to stop. */
  readonly open: (start: number, end?: number, also?: AbortSignal) => Promise<Response>;
  /** A URL by which the browser itself reads them, for a quarter of an hour. */
  readonly url: () => Promise<string>;
}

export function lengthOf(node: NodeDocument): number | undefined {
  const value = valueIn(node, LENGTH)?.trim() ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Nothing is asked yet. */
export function bytesOf({ place, node }: Target, signal: AbortSignal): Bytes {
  let known: Promise<string> | undefined;
  const negotiate = async (): Promise<string> => {
    const own = await session(place.authority);
    const { endpoints } = await new Transfers(own, new Jobs(own)).request('pullFromVoSpace', place.path, { signal });
    const [first] = endpoints;
    if (!first) throw new VospaceError('ProtocolNotSupported', `${place.path}: no endpoint`);
    return first.url;
  };
  const url = (): Promise<string> => (known ??= negotiate());
  const once = async (range: string, until: AbortSignal): Promise<Response> => {
    const { wire } = await session(place.authority);
    return (await wire.open({ method: 'GET', url: await url(), headers: { Range: range }, signal: until })).response;
  };
  const open = async (start: number, end?: number, also?: AbortSignal): Promise<Response> => {
    const range = `bytes=${start}-${end === undefined ? '' : end - 1}`;
    const until = also ? AbortSignal.any([signal, also]) : signal;
    try {
      return await once(range, until);
    } catch (thrown) {
      // A signed URL ends: another one may do.
      if (!(thrown instanceof VospaceError) || (thrown.status !== 401 && thrown.status !== 403)) throw thrown;
      known = undefined;
      return once(range, until);
    }
  };
  return { size: lengthOf(node), open, url };
}

/** At most the first `most` bytes. */
export async function readHead(bytes: Bytes, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.size === 0) return new Uint8Array(0);
  const head = await (await bytes.open(0, most)).bytes();
  return head.byteLength > most ? head.slice(0, most) : head;
}
