// Signed URLs for an upload: one for its only PUT, or one for each of some of its parts.
import type { Asked } from '../../durable/space/uploads/parts-port.ts';
import { MAX_PART_URLS, PUT_URL_LIFE } from '../../model/limits.ts';
import { readKeyRange } from '../../model/key-range.ts';
import { partSize } from '../../model/part-plan.ts';
import type { PartUrl, UploadDocument } from '../../model/uploads.ts';
import type { ObjectKey, StoreContainer } from '../../objects/port.ts';
import type { Services } from '../services.ts';

/** Where bytes may be sent to. */
export interface Sendable {
  readonly container: StoreContainer;
  readonly key: ObjectKey;
  readonly length: number;
  readonly asked: Asked;
  /** Epoch milliseconds: no URL lives longer. */
  readonly expires: number;
}

/** `numbers` of the parts, counted from 1, of which at most `most` get URLs; of no meaning for one PUT. Nothing when the time is over. */
export async function signUrls(
  { clock, objects }: Services,
  { container, key, length, asked, expires }: Sendable,
  numbers: readonly number[],
  most = MAX_PART_URLS,
): Promise<Pick<UploadDocument, 'url' | 'parts' | 'urlsExpire'>> {
  const until = Math.floor(Math.min(expires, clock() + PUT_URL_LIFE) / 1000);
  if (until * 1000 <= clock()) return {};
  const sign = (at: string): Promise<string> => objects.sign({ method: 'PUT', container, key: at as ObjectKey, expires: until });
  const urlsExpire = new Date(until * 1000).toISOString();
  const { parts } = asked;
  if (!parts) return { url: await sign(key), urlsExpire };
  if (numbers.length === 0) return {};
  const prefix = readKeyRange(key)?.prefix ?? '';
  const urls: PartUrl[] = [];
  for (const number of numbers.slice(0, most))
    urls.push({ number, size: partSize(length, parts, number), url: await sign(`${prefix}${number}`) });
  return { parts: urls, urlsExpire };
}

/** Where the bytes of an upload arrive that comes in one piece by a signed URL. */
export function uploadKey(id: string): ObjectKey {
  return `in/${id}` as ObjectKey;
}

/** What a document says of an upload in parts. */
export function partsOf({ parts }: Asked): Pick<UploadDocument, 'partSize' | 'partCount'> {
  return parts ? { partSize: parts.size, partCount: parts.count } : {};
}

export function allNumbers({ parts }: Asked): readonly number[] {
  return Array.from({ length: parts?.count ?? 0 }, (_, i) => i + 1);
}
