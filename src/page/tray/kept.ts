// What the browser keeps of uploads that are not over: IndexedDB, and a sign for the page that there is something to look for.
import { keptOf, type Item, type Kept } from './item.ts';
import { MARK } from './mark.ts';

const LOCK = 'vopipe.uploads ';
/** This page among others of the same browser. */
const tab = `${Date.now()}-${Math.random()}`;
/** Milliseconds that writes are collected, and how many go at a time: the page has its turn between. */
const PAUSE = 250;
const MOST = 100;

let opened: Promise<IDBDatabase> | undefined;
const dirty = new Map<string, Item | undefined>();
let due = false;
/** One write after the other. */
let writing = Promise.resolve();

/** Where locks are to be had, the others know by one whether this page is still open. */
void (navigator as { readonly locks?: LockManager }).locks?.request(LOCK + tab, () => new Promise(() => undefined));

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('vopipe.uploads', 1);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore('uploads', { keyPath: 'key' }).createIndex('owner', 'owner');
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
  return opened;
}

/** Notes items as they are a moment later. */
export function keep(...items: readonly Item[]): void {
  for (const item of items) dirty.set(item.key, item);
  later();
}

export function forget(...items: readonly Item[]): void {
  for (const { key } of items) dirty.set(key, undefined);
  later();
}

function later(): void {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    void flush();
  }, PAUSE);
}

/** Resolves when everything noted is kept. What cannot be kept does not stop an upload: it is only not there after a reload. */
export function flush(): Promise<void> {
  // What an earlier one has taken over is not kept before that one is through.
  writing = writing.then(writeAll);
  return writing;
}

async function writeAll(): Promise<void> {
  while (dirty.size > 0) {
    const some = Array.from(dirty).slice(0, MOST);
    for (const [key] of some) dirty.delete(key);
    try {
      await write(some);
    } catch (thrown) {
      console.warn('unfinished uploads are not kept', thrown);
    }
  }
}

async function write(some: readonly (readonly [string, Item | undefined])[]): Promise<void> {
  const change = (await open()).transaction('uploads', 'readwrite');
  const store = change.objectStore('uploads');
  for (const [key, item] of some) {
    if (item) store.put(keptOf(item, tab));
    else store.delete(key);
  }
  const count = store.count();
  await new Promise((resolve, reject) => {
    change.addEventListener('complete', resolve);
    change.addEventListener('abort', () => reject(change.error ?? new Error('IndexedDB')));
  });
  if (count.result > 0) localStorage.setItem(MARK, String(count.result));
  else localStorage.removeItem(MARK);
}

/** What the owner has left unfinished, but for what another page of this browser is at. */
export async function keptBy(owner: string): Promise<readonly Kept[]> {
  const database = await open();
  const request = database.transaction('uploads').objectStore('uploads').index('owner').getAll(owner);
  const all = await new Promise<readonly Kept[]>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result as readonly Kept[]));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
  const locks = await (navigator as { readonly locks?: LockManager }).locks?.query();
  const others = new Set(locks?.held?.map(({ name = '' }) => name));
  return all.filter((one) => one.tab === tab || !others.has(LOCK + one.tab));
}
