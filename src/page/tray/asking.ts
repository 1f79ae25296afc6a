// What the user has said about files whose names are taken: once for all that was added together.
import { otherName } from '../app/node-names.ts';
import type { Choice, Item } from './item.ts';
import { allItems, touched } from './items.ts';
import { forget, keep } from './kept.ts';
import { findThere } from './prepare.ts';
import { enqueue } from './queue.ts';

/** Numbers that are tried for a file that is kept beside others. */
const MOST_NAMES = 99;

const choices = new Map<number, Choice>();

/** The items about which the user is to be asked. Those for which he has answered already go on by themselves. */
export function itemsToAsk(): readonly Item[] {
  const asking = allItems().filter(({ state }) => state === 'asking');
  const [first] = asking;
  if (!first) return [];
  for (const [batch, some] of Map.groupBy(asking, (item) => item.batch)) {
    const choice = choices.get(batch);
    if (choice) apply(some, choice);
  }
  return asking.filter(({ state, batch }) => state === 'asking' && batch === first.batch);
}

export function answer(items: readonly Item[], choice: Choice): void {
  for (const { batch } of items) choices.set(batch, choice);
  apply(items, choice);
}

function apply(items: readonly Item[], choice: Choice): void {
  if (choice === 'keep') {
    for (const item of items) item.state = 'queued';
    void keepBeside(items);
  } else if (choice === 'replace') {
    for (const item of items) item.mode = 'replace';
    enqueue(items);
  } else {
    for (const item of items) item.state = 'skipped';
    forget(...items);
  }
  touched();
}

async function keepBeside(items: readonly Item[]): Promise<void> {
  let left = items;
  const own = new Map(items.map((item) => [item, item.path.at(-1) ?? item.name]));
  for (let number = 2; left.length > 0 && number <= MOST_NAMES; number++) {
    for (const item of left) item.name = otherName(own.get(item) ?? item.name, number);
    const taken = new Set(await findThere(left).catch(() => []));
    const free = left.filter((item) => !taken.has(item) && item.state === 'queued');
    keep(...free);
    enqueue(free);
    left = left.filter((item) => taken.has(item) && item.state === 'queued');
  }
  for (const item of left) item.state = 'skipped';
  forget(...left);
}
