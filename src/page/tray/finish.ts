// The ends of uploads: completed some at a time, or given up.
import { VospaceError } from '../../client/error.ts';
import { refusalOf, UploadCalls } from '../../client/upload-calls.ts';
import type { CompleteWish } from '../../model/uploads.ts';
import { session } from '../app/spaces.ts';
import type { Item } from './item.ts';
import { hasChanged } from './news.ts';
import { eachOf } from '../kit/each-of.ts';

/**
 * Milliseconds that completions are collected, how many go in one request, and requests at a time: what comes meanwhile shares the next one. What
 * the service has not decided yet keeps no place while it waits to be asked for again.
 */
const PAUSE = 100;
const MOST = 100;
const REQUESTS = 2;
const AT_ONCE = 4;

interface Ending {
  readonly item: Item;
  readonly wish: CompleteWish;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

let waiting: Ending[] = [];
let due = false;
let requests = 0;

/** Resolves when the node has the bytes. Rejects with the service's refusal. */
export function finish(item: Item, wish: CompleteWish): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ item, wish, resolve, reject });
    later();
  });
}

function later(): void {
  if (due || waiting.length === 0 || requests >= REQUESTS) return;
  due = true;
  setTimeout(completeNext, PAUSE);
}

/** Those of one user at one VOSpace. */
function completeNext(): void {
  due = false;
  const owner = waiting[0]?.item.owner;
  const some = waiting.filter(({ item }) => item.owner === owner).slice(0, MOST);
  waiting = waiting.filter((one) => !some.includes(one));
  requests++;
  let held = 1;
  const free = (): void => {
    requests -= held;
    held = 0;
    later();
  };
  void completeSome(some, free).finally(free);
  later();
}

async function completeSome(some: readonly Ending[], resting: () => void): Promise<void> {
  const endings = new Map(some.map((one) => [one.item.upload?.id ?? '', one]));
  let reason: unknown;
  try {
    const calls = new UploadCalls(await session(some[0]?.item.target.authority), undefined);
    for await (const answer of calls.completeMany(
      Array.from(endings, ([id, { wish }]) => ({ id, ...wish })),
      resting,
    )) {
      const refused = refusalOf(answer);
      if (refused) endings.get(answer.id)?.reject(refused);
      else endings.get(answer.id)?.resolve();
    }
    reason = refusalOf(undefined);
  } catch (thrown) {
    reason = thrown;
  }
  // Of those that have an answer this is heard no more.
  for (const { reject } of some) reject(reason);
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
