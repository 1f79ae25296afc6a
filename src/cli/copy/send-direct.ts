// A small file by one request to the service, which streams it to the store and has the node take it: nothing is negotiated or completed,
// and the store writes it once, where a signed URL has it written twice (what was signed is never what a node serves).
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import type { Copying, Spot } from './copying.ts';
import { dateProperty } from './dates.ts';
import type { LocalFile } from './entry.ts';
import { asRefusal, readWhole } from './local-bytes.ts';
import { mediaTypeBy } from './media-type.ts';
import { nameOf } from './there.ts';

/** Bytes up to which this costs all concerned less than a signed URL. */
export const DIRECT = 256 * 1024;

export async function sendDirect(file: LocalFile, to: Spot, { report, slots, store, signal, mode }: Copying): Promise<void> {
  const { session } = to.space;
  const { identity } = session.wire;
  const where = [...to.where, ...file.names];
  const bytes = await readWhole(file).catch((thrown: unknown) => {
    throw asRefusal(thrown);
  });
  const md5 = createHash('md5').update(bytes).digest();
  const url = await session.urlOf('files', where, new URLSearchParams({ via: 'service' }), { signal });
  const once = async (): Promise<void> => {
    const headers = {
      ...(await identity.headers(url)),
      Digest: `md5=${md5.toString('base64')}`,
      ...(mode.keeps && { 'If-None-Match': '*' }),
    };
    await slots.with(() =>
      store.put({ url, type: mediaTypeBy(where.at(-1) ?? '', file.path), length: bytes.byteLength, body: bytes, signal, own: { headers } }),
    );
  };
  try {
    await session.wire.repeat({ method: 'PUT', url, signal }, once);
  } catch (thrown) {
    // Somebody was quicker, or an earlier try whose answer was lost.
    if (!mode.keeps || !(thrown instanceof VospaceError) || thrown.fault !== 'PreconditionFailed') throw thrown;
    return report.settled('kept', nameOf(to, file));
  }
  report.moved(bytes.byteLength);
  if (mode.dates) await to.space.nodes.set(where, { properties: dateProperty(file.modified), type: 'DataNode' }, { signal, detail: 'min' });
  return report.settled('copied', nameOf(to, file), { size: file.size, md5: md5.toString('hex') });
}
