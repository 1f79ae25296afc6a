// A small file by one request to the service, which streams it to the store and has the node take it: nothing is negotiated or completed,
// and the store writes it once, where a signed URL has it written twice (what was signed is never what a node serves).
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import type { Session } from '../../client/session.ts';
import type { Copying, NodePlace } from './copying.ts';
import { putDate } from './dates.ts';
import type { LocalFile } from './entry.ts';
import { asRefusal, readWhole } from './local-bytes.ts';
import { mediaTypeBy } from './media-type.ts';
import { nameAt } from './there.ts';

/** Bytes up to which this costs all concerned less than a signed URL. */
export const DIRECT = 256 * 1024;

export async function sendDirect(file: LocalFile, to: NodePlace, { report, slots, store, signal, mode }: Copying): Promise<void> {
  const { session } = to.space;
  const where = [...to.where, ...file.names];
  const bytes = await readWhole(file).catch((thrown: unknown) => {
    throw asRefusal(thrown);
  });
  const { url, md5, headers } = await directPut(session, where, bytes, mode.keeps, signal);
  const type = mediaTypeBy(where.at(-1) ?? '', file.path);
  const once = async (): Promise<void> => {
    const own = { headers: { ...(await session.wire.identity.headers(url)), ...headers } };
    await slots.with(() => store.put({ url, type, length: bytes.byteLength, body: bytes, signal, own }));
  };
  try {
    await session.wire.repeat({ method: 'PUT', url, signal }, once);
  } catch (thrown) {
    // Somebody was quicker, or an earlier try whose answer was lost.
    if (!mode.keeps || !(thrown instanceof VospaceError) || thrown.fault !== 'PreconditionFailed') throw thrown;
    return report.settled('kept', nameAt(to, file.names));
  }
  report.moved(bytes.byteLength);
  await putDate({ ...to, where }, file.modified, { mode, signal });
  return report.settled('copied', nameAt(to, file.names), { size: file.size, md5 });
}

/** What such a request has beside the bytes and their type. `keep`: what is there stays. */
export async function directPut(
  session: Session,
  where: string | readonly string[],
  bytes: Uint8Array,
  keep: boolean,
  signal: AbortSignal,
) {
  const url = await session.urlOf('files', where, new URLSearchParams({ via: 'service' }), { signal });
  const md5 = createHash('md5').update(bytes).digest();
  const headers = { Digest: `md5=${md5.toString('base64')}`, ...(keep && { 'If-None-Match': '*' }) };
  return { url, md5: md5.toString('hex'), headers };
}
