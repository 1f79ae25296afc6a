// What of an upload's parts is in the store: its listing says it, and the store itself where the listing is behind.
import type { UploadState } from '../../durable/space/uploads/parts-port.ts';
import { readKeyRange } from '../../model/key-range.ts';
import { partSize } from '../../model/part-plan.ts';
import type { PresentPart } from '../../model/uploads.ts';
import type { ObjectKey } from '../../objects/port.ts';
import { inParallel } from '../in-parallel.ts';
import type { Services } from '../services.ts';

/** Parts that the store is asked for by name at a time. */
const AT_ONCE = 4;

/**
 * The parts that lie in the store and have the size that they must have, in their order. A store that is busy lists an object a while after it
 * has it: parts that the listing lacks are asked for by name in their order, until `looks` of them are not there.
 */
export async function findParts(services: Services, state: UploadState, looks: number): Promise<readonly PresentPart[]> {
  const { asked, key, container, length = 0 } = state;
  const { parts } = asked;
  const prefix = readKeyRange(key)?.prefix;
  if (!parts || prefix === undefined || container.epoch === 0) return [];
  const listed = await listParts(services, state, prefix);
  const found = new Map(listed.filter(({ number, size }) => size === partSize(length, parts, number)).map((part) => [part.number, part]));
  const late = Array.from({ length: parts.count }, (_, i) => i + 1).filter((number) => !found.has(number));
  let absent = 0;
  await inParallel(late, AT_ONCE, async (number) => {
    if (absent >= looks) return;
    const info = await services.objects.head(container, `${prefix}${number}` as ObjectKey);
    if (info?.size === partSize(length, parts, number)) found.set(number, { number, size: info.size, etag: info.etag });
    else absent += 1;
  });
  return Array.from(found.values()).toSorted((a, b) => a.number - b.number);
}

async function listParts({ objects }: Services, { container, asked }: UploadState, prefix: string): Promise<readonly PresentPart[]> {
  const found: PresentPart[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await objects.list(container, prefix, after);
    after = page.next;
    for (const { key, size, etag } of page.objects) {
      const number = Number(key.slice(prefix.length));
      if (number >= 1 && number <= (asked.parts?.count ?? 0)) found.push({ number, size, etag });
    }
  }
  return found;
}
