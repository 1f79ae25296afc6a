// The order of things: items are negotiated some at a time, sent a few at a time, and completed some at a time.
import { VospaceError } from '../../client/error.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import { troubleOf } from '../app/trouble.ts';
import { begin } from './begin.ts';
import { abandon, finish } from './finish.ts';
import { isMissing, suspect } from './gone.ts';
import type { Item } from './item.ts';
import { dropItems, touched } from './items.ts';
import { flush, forget, keep } from './kept.ts';
import { hasChanged } from './news.ts';
import { PARTS, sendItem } from './send.ts';

/** Requests with bytes at a time: three large files of three parts each, or more small ones. */
const CAPACITY = 9;
/** So many are negotiated before their turn comes. */
const AHEAD = 20;

/** In the order in which they came. */
const queued = new Set<Item>();
const ready = new Set<Item>();
/** Those that are being negotiated. */
const asked = new Set<Item>();
const documents = new WeakMap<Item, UploadDocument>();
const cancelled = new WeakSet<Item>();
let load = 0;
let beginning = false;

/** Items go on, or begin. Those without a file cannot. */
export function enqueue(items: Iterable<Item>): void {
  for (const item of items) {
    item.state = item.file ? 'queued' : 'waiting';
    item.trouble = undefined;
    if (!item.file) continue;
    if (item.upload) makeReady(item);
    else if (!asked.has(item)) queued.add(item);
    keep(item);
  }
  pump();
}

export function pause(items: Iterable<Item>): void {
  for (const item of items) {
    if (item.state !== 'queued' && item.state !== 'ready' && item.state !== 'sending') continue;
    item.state = 'paused';
    item.rate.stop();
    halt(item);
  }
  pump();
}

/** Takes items out of the tray, and gives up at the service what was reserved for them. */
export function cancel(items: readonly Item[]): void {
  const begun = items.filter((item) => item.upload !== undefined && item.state !== 'done' && item.state !== 'skipped');
  for (const item of items) {
    cancelled.add(item);
    if (item.state !== 'done') item.state = 'skipped';
    halt(item);
  }
  forget(...items);
  dropItems(items);
  void abandon(begun);
  pump();
}

/** Stops items without giving anything up: their user has gone. */
export function leave(items: readonly Item[]): void {
  for (const item of items) {
    item.state = 'waiting';
    halt(item);
  }
  dropItems(items);
}

/** They stop; what becomes of them is the caller's to say. */
export function leaveQueue(items: readonly Item[]): void {
  items.forEach(halt);
}

function halt(item: Item): void {
  queued.delete(item);
  ready.delete(item);
  item.stop?.abort();
}

function pump(): void {
  touched();
  for (const item of ready) {
    const weight = weightOf(item);
    if (load > 0 && load + weight > CAPACITY) break;
    ready.delete(item);
    load += weight;
    void send(item).finally(() => {
      load -= weight;
      pump();
    });
  }
  if (!beginning && ready.size < AHEAD && queued.size > 0) {
    beginning = true;
    void beginSome().finally(() => {
      beginning = false;
      pump();
    });
  }
}

function weightOf({ upload }: Item): number {
  return Math.min(PARTS, upload?.partCount ?? 1);
}

async function beginSome(): Promise<void> {
  const begun: Item[] = [];
  for (const { item, result } of await begin(takeSome())) {
    asked.delete(item);
    if ('id' in result) {
      const { id, partSize, partCount } = result;
      item.upload = { id, partSize, partCount };
      if (cancelled.has(item)) void abandon([item]);
      else {
        documents.set(item, result);
        keep(item);
        hasChanged(item);
        begun.push(item);
      }
    } else if ('error' in result) fail(item, result.error);
    else if (item.state !== 'queued') continue;
    else if (result.kind === 'elsewhere') makeReady(item);
    else if (result.kind === 'conflict') item.state = 'asking';
    else queued.add(item);
  }
  // Nothing is sent before it is kept where it goes: after a reload it would be negotiated and sent once more.
  if (begun.length > 0) await flush();
  for (const item of begun) if (item.state === 'queued') makeReady(item);
}

function makeReady(item: Item): void {
  item.state = 'ready';
  ready.add(item);
}

/** In one request: fewer than it could hold, so that the first begin soon. */
const MOST = 100;

/** Of one VOSpace, in their order. */
function takeSome(): readonly Item[] {
  const some: Item[] = [];
  for (const item of queued) {
    if (item.owner !== (some[0] ?? item).owner || some.length === MOST) break;
    queued.delete(item);
    asked.add(item);
    some.push(item);
  }
  return some;
}

async function send(item: Item): Promise<void> {
  const { file } = item;
  if (!file) return;
  const stop = new AbortController();
  [item.stop, item.state] = [stop, 'sending'];
  const document = documents.get(item);
  documents.delete(item);
  touched();
  try {
    const outcome = await sendItem(item, file, document, stop.signal);
    item.rate.stop();
    if (outcome.kind === 'whole') settled(item);
    else if (outcome.kind === 'none') again(item);
    else {
      item.state = 'finishing';
      // Its place is free for the next one.
      void finish(item, outcome.wish).then(
        () => settled(item),
        (thrown: unknown) => fail(item, thrown),
      );
    }
  } catch (thrown) {
    item.rate.stop();
    if (stop.signal.aborted) return;
    if (thrown instanceof VospaceError && thrown.status === 404 && item.upload && thrown.named) again(item);
    else fail(item, thrown);
  }
}

/** From its beginning: the service has forgotten it. */
function again(item: Item): void {
  [item.upload, item.sent] = [undefined, 0];
  item.md5s.clear();
  enqueue([item]);
}

function settled(item: Item): void {
  [item.state, item.sent, item.file] = ['done', item.size, undefined];
  forget(item);
  hasChanged(item);
  touched();
}

function fail(item: Item, thrown: unknown): void {
  if (cancelled.has(item)) return;
  item.state = 'failed';
  item.trouble = troubleOf(thrown);
  keep(item);
  touched();
  if (isMissing(thrown)) suspect(item, leaveQueue);
}
