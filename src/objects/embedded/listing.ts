// What lies in a container of the embedded store: its keys in their order.
import type { ListPage, ObjectInfo, ObjectKey, StoreContainer } from '../port.ts';
import { BLOBS, keysOf, VERSIONS, versionsOf, type Kind } from './layout.ts';
import { attempt, toInfo, toStored } from './stored.ts';

/** Keys of one page. */
const PAGE = 1000;

/**
 * Bare keys, each once, with what its newest version has. Bytes whose upload died before their version was written are listed as well,
 * so that the sweep finds them.
 */
export async function list(bucket: R2Bucket, container: StoreContainer, prefix: string, after: string | undefined): Promise<ListPage> {
  const versions = bareKeys(bucket, VERSIONS, container.name, prefix, after);
  const blobs = bareKeys(bucket, BLOBS, container.name, prefix, after);
  const objects: ObjectInfo[] = [];
  let [version, blob] = await Promise.all([versions.next(), blobs.next()]);
  while (!version.done || !blob.done) {
    if (objects.length === PAGE) return { objects, next: objects.at(-1)?.key ?? '' };
    const [a, b] = [version.value, blob.value];
    if (a && (!b || a.key <= b.key)) objects.push(a);
    else if (b) objects.push({ ...b, md5: undefined });
    [version, blob] = [
      a && (!b || a.key <= b.key) ? await versions.next() : version,
      b && (!a || b.key <= a.key) ? await blobs.next() : blob,
    ];
  }
  return { objects };
}

async function* bareKeys(
  bucket: R2Bucket,
  kind: Kind,
  container: string,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<ObjectInfo, undefined> {
  let last: ObjectKey | undefined;
  // After every version of the key that the last page ended with: ~ sorts after all hexadecimal digits.
  let startAfter = after === undefined ? undefined : `${versionsOf(container, after, kind)}~`;
  do {
    const page: R2Objects = await attempt(() =>
      bucket.list({
        prefix: `${kind}/${container}/${prefix}`,
        include: ['httpMetadata', 'customMetadata'],
        ...(startAfter === undefined ? {} : { startAfter }),
      }),
    );
    for (const object of page.objects) {
      const bare = keysOf(container, object.key)?.bare;
      if (bare === undefined || bare === last) continue;
      last = bare;
      yield toInfo(bare, toStored(object));
    }
    startAfter = page.truncated ? page.objects.at(-1)?.key : undefined;
  } while (startAfter !== undefined);
  return undefined;
}
