// Sends the bytes of one item: what of them is in the store already stays there.
import type { Portion, Sending } from '../../client/part-sender.ts';
import { sendParts, sendWhole } from '../../client/part-sender.ts';
import type { Session } from '../../client/session.ts';
import { Uploads } from '../../client/upload.ts';
import { UploadCalls } from '../../client/upload-calls.ts';
import { partSize } from '../../model/part-plan.ts';
import type { CompleteWish, UploadDocument } from '../../model/uploads.ts';
import { session, vospace } from '../app/spaces.ts';
import { md5Of } from './digests.ts';
import { uriOfItem, type Item } from './item.ts';
import { touched } from './items.ts';
import { keep } from './kept.ts';
import { put } from './put.ts';

/** Parts of one file at a time. */
export const PARTS = 3;
/** About half a minute of trying in all. */
const POLICY = { tries: 8, base: 500, most: 15_000, patience: 120_000 };
/** Bytes of parts in the store that are compared with a file that was given anew: enough to see that it is another one. */
const SAMPLE = 32 * 1024 * 1024;

/** `none`: the service knows the upload no more. `whole`: the node has the bytes. */
export type Outcome = { readonly kind: 'sent'; readonly wish: CompleteWish } | { readonly kind: 'none' } | { readonly kind: 'whole' };

/** `document`: the upload as it was negotiated a moment ago; else the service is asked where it stands. */
export async function sendItem(item: Item, file: File, document: UploadDocument | undefined, signal: AbortSignal): Promise<Outcome> {
  const at = await session(item.target.authority);
  if (!at.codec.ours) return sendElsewhere(item, file, signal);
  const calls = new UploadCalls(at, signal);
  const { id } = item.upload ?? { id: '' };
  const upload = document ?? (await calls.state(id, 'missing'));
  if (upload.phase === 'COMPLETED') return { kind: 'whole' };
  if (upload.phase === 'ERROR' || upload.length !== file.size) return { kind: 'none' };
  const sending = await sendingOf(item, at, file, upload, signal);
  item.sent = 0;
  if (upload.partCount === undefined) return { kind: 'sent', wish: { md5: await sendWhole(sending, upload, () => calls.state(id)) } };
  return { kind: 'sent', wish: { etags: await sendParts(sending, upload, (number) => calls.state(id, String(number))) } };
}

async function sendingOf(item: Item, at: Session, file: File, upload: UploadDocument, signal: AbortSignal): Promise<Sending> {
  const known = (await isSame(item, file, upload)) ? item.md5s : new Map<number, string>();
  return {
    session: at,
    source: file,
    type: item.type,
    parallel: PARTS,
    signal,
    policy: POLICY,
    sent: (bytes) => {
      item.sent += bytes;
      touched();
    },
    arrived: (number, md5) => {
      item.md5s.set(number, md5);
      keep(item);
    },
    put: (one) => {
      let before = 0;
      const progress = ({ bytes }: { readonly bytes: number }): void => {
        item.gone += Math.max(0, bytes - before);
        before = bytes;
        one.progress({ bytes });
      };
      return put({ ...one, progress });
    },
    digest: async ({ number = 0, source }: Portion) => known.get(number) ?? (await md5Of(source as Blob)),
  };
}

/** Looks at some of the parts that are there; where one is not the file's, none is believed unseen. */
async function isSame(
  item: Item,
  file: File,
  { present = [], partSize: size = 0, partCount: count = 0, length }: UploadDocument,
): Promise<boolean> {
  const most = Math.max(1, Math.floor(SAMPLE / Math.max(1, size)));
  const step = Math.max(1, Math.ceil(present.length / most));
  const some = present.filter((_, index) => index % step === 0);
  const found = await Promise.all(
    some.map(({ number }) => md5Of(file.slice((number - 1) * size, (number - 1) * size + partSize(length, { size, count }, number)))),
  );
  const isSound = some.every(({ etag }, index) => found[index] === etag);
  if (isSound) for (const [index, { number }] of some.entries()) item.md5s.set(number, found[index] ?? '');
  return isSound;
}

/** A VOSpace of another kind takes a file whole, and says nothing meanwhile. */
async function sendElsewhere(item: Item, file: File, signal: AbortSignal): Promise<Outcome> {
  const elsewhere = await vospace(item.target.authority);
  const progress = ({ bytes }: { readonly bytes: number }): void => {
    item.gone += Math.max(0, bytes - item.sent);
    item.sent = bytes;
    touched();
  };
  await new Uploads(elsewhere).upload(uriOfItem(item), file, { type: item.type, signal, progress });
  return { kind: 'whole' };
}
