// The bytes of a chunk: from its signed URL while that is good, with a fresh one after, compared by size and MD5.
import type { ChunkNotice } from '../model/pipe.ts';
import type { Download } from './download.ts';
import { VospaceError } from './error.ts';
import { pipesUrl } from './pipe-calls.ts';
import { resumable } from './resume.ts';
import type { Asking, Session } from './session.ts';

/** Milliseconds before its end in which a URL is not begun with any more. */
const MARGIN = 30_000;

/** `path`: of the chunk's data below /pipes, where a fresh signed URL is to be had. */
export async function openChunk(session: Session, path: string, chunk: ChunkNotice, { signal }: Asking): Promise<Download> {
  const { wire } = session;
  if (chunk.status === 'dead')
    throw new VospaceError('ChunkNotFound', `chunk ${chunk.seq} is dead: ${chunk.reason ?? 'no reason is known'}`);
  const facts = { size: chunk.size, md5: chunk.md5, type: chunk.type ?? 'application/octet-stream' };
  const verifies = chunk.md5 === undefined ? ('length' as const) : ('md5' as const);
  const check =
    chunk.md5 === undefined
      ? undefined
      : async (md5: string): Promise<void> => {
          if (md5 !== chunk.md5) throw new VospaceError('Corrupted', `chunk ${chunk.seq} has MD5 ${chunk.md5}, its bytes ${md5}`);
        };
  const fresh = pipesUrl(session, path);
  let url = chunk.url !== undefined && Date.parse(chunk.expires ?? '') - MARGIN > wire.runtime.now() ? chunk.url : fresh;
  const open = async (from: number | undefined): Promise<Response> => {
    const headers = from === undefined || from === 0 ? {} : { Range: `bytes=${from}-` };
    const get = async (): Promise<Response> => (await wire.open({ method: 'GET', url, headers, signal })).response;
    try {
      return await get();
    } catch (thrown) {
      // The URL has ended, or the bytes lie elsewhere by now.
      if (url === fresh || !(thrown instanceof VospaceError) || thrown.transient || thrown.status === 416) throw thrown;
      url = fresh;
      return get();
    }
  };
  const first = chunk.data === undefined ? await wire.repeat({ method: 'GET', url, signal }, () => open(undefined)) : inline(chunk.data);
  return { ...facts, verifies, body: resumable(wire, { open, start: 0, size: chunk.size, check, progress: undefined, signal }, first) };
}

function inline(data: string): Response {
  return new Response(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
}
