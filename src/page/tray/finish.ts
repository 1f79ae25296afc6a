// The ends of uploads: completed some at a time, or given up.
import { VospaceError } from '../../client/error.ts';
import { refusalOf, UploadCalls } from '../../client/upload-calls.ts';
import type { CompleteWish } from '../../model/uploads.ts';
import { session } from '../app/spaces.ts';
import type { Item } from './item.ts';
import { hasChanged } from './news.ts';
import { eachOf } from '../kit/each-of.ts';

/** Milliseconds that completions are collected, and how many go in one request. */
const PAUSE = 100;
const MOST = 100;
const AT_ONCE = 4;

interface Ending {
  readonly item: Item;
  readonly wish: CompleteWish;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

let waiting: Ending[] = [];
let due = false;

/** Resolves when the node has the bytes. Rejects with the service's refusal. */
export function finish(item: Item, wish: CompleteWish): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ item, wish, resolve, reject });
    if (due) return;
    due = true;
    setTimeout(completeAll, PAUSE);
  });
}

function completeAll(): void {
  due = false;
  const all = Map.groupBy(waiting, ({ item }) => item.owner);
  waiting = [];
  for (const some of all.values())
    for (let start = 0; start < some.length; start += MOST) void completeSome(some.slice(start, start + MOST));
}

async function completeSome(some: readonly Ending[]): Promise<void> {
  try {
    const calls = new UploadCalls(await session(some[0]?.item.target.authority), undefined);
    const found = await calls.completeMany(some.map(({ item, wish }) => ({ id: item.upload?.id ?? '', ...wish })));
    await Promise.all(
      some.map(async ({ item, wish, resolve, reject }, index) => {
        const refused = refusalOf(found[index]);
        if (!refused) resolve();
        // Somebody else is at it, an earlier try perhaps: by itself it is asked again until it is over.
        else if (refused.fault === 'NodeBusy') await calls.complete(item.upload?.id ?? '', wish).then(() => resolve(), reject);
        else reject(refused);
      }),
    );
  } catch (thrown) {
    for (const { reject } of some) reject(thrown);
  }
}

/** Gives uploads up at the service, so that what was reserved is free again. What fails here ends by itself after a while. */
export async function abandon(items: readonly Item[]): Promise<void> {
  await eachOf(items, AT_ONCE, async (item) => {
    const calls = new UploadCalls(await session(item.target.authority), undefined);
    await calls.abandon(item.upload?.id ?? '').catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError)) throw thrown;
    });
    hasChanged(item);
  });
}
