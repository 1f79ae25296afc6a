// Files of this computer into a VOSpace: for this project's service negotiated 500 at a time, the next ones while the last are sent straight to
// the store, and completed many at a time; into another one each by itself.
import { refusalOf, UploadCalls, type NewUpload } from '../../client/upload-calls.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import { Completion } from './completion.ts';
import { failed, type Copying, type NodePlace } from './copying.ts';
import type { Entry, LocalFile } from './entry.ts';
import { makeFolders } from './folders.ts';
import { largeOf, leftLarge } from './left-large.ts';
import { settleLeft } from './left-uploads.ts';
import { Changed } from './local-bytes.ts';
import { mediaTypeBy } from './media-type.ts';
import { restat } from './local-file.ts';
import { DIRECT, sendDirect } from './send-direct.ts';
import { sendLarge, sendSmall, type Sendable } from './send.ts';
import { sendPlain } from './send-plain.ts';
import { batches, Line } from './slots.ts';
import { hasArrived, nameAt, withoutSame } from './there.ts';
import { workOff } from './workers.ts';

/** Bytes from which on a file goes in parts, which go on one by one when they broke off. */
const LARGE = 32 * 1024 * 1024;
/** So often a file that changes is begun anew. */
const TRIES = 3;

/** A file that is not negotiated: a small one, or for another kind of VOSpace. */
type Direct = Pick<Sendable, 'file' | 'tries'>;

/** `to`: where what comes without names goes. */
export async function upload(entries: AsyncIterable<Entry<LocalFile>>, to: NodePlace, copying: Copying): Promise<void> {
  const { signal, parallel } = copying;
  const calls = new UploadCalls(to.space.session, signal);
  const run = new Run(to, copying, calls);
  await settleLeft(calls, copying);
  const find = async (): Promise<void> => {
    for await (const batch of batches(entries, to.space.session.codec.ours ? MAX_BATCH : 50)) {
      signal.throwIfAborted();
      await makeFolders(
        batch.filter((entry) => entry.kind === 'folder'),
        to,
        copying,
      );
      await run.add(batch.filter((entry) => entry.kind === 'file'));
    }
  };
  try {
    await workOff(copying, run.line, parallel, find, (item) => run.work(item));
  } finally {
    await run.completion.end();
  }
  signal.throwIfAborted();
}

class Run {
  /** The next batch is negotiated when half of one is left. */
  readonly line = new Line<Sendable | Direct>(MAX_BATCH / 2);
  readonly completion: Completion;
  readonly #to: NodePlace;
  readonly #copying: Copying;
  readonly #calls: UploadCalls;

  constructor(to: NodePlace, copying: Copying, calls: UploadCalls) {
    this.#to = to;
    this.#copying = copying;
    this.#calls = calls;
    this.completion = new Completion(to, copying, calls);
  }

  get #isOurs(): boolean {
    return this.#to.space.session.codec.ours;
  }

  async add(files: readonly LocalFile[]): Promise<void> {
    const able = files.filter((file) => {
      const reason = file.parent?.failed;
      if (reason !== undefined) this.#fail(file, reason);
      return reason === undefined;
    });
    const wanted = await withoutSame(able, this.#to, this.#copying);
    await this.#forget(able, wanted);
    await this.line.few();
    const isDirect = ({ size }: LocalFile): boolean => !this.#isOurs || (size <= DIRECT && !this.#copying.mode.toStore);
    this.line.push(wanted.filter(isDirect).map((file) => ({ file, tries: 0 })));
    this.line.push(
      await this.#negotiate(
        wanted.filter((file) => !isDirect(file)),
        0,
      ),
    );
  }

  /** Of files that are there already nobody needs what an earlier run has begun, and perhaps ended without hearing of it. */
  async #forget(able: readonly LocalFile[], wanted: readonly LocalFile[]): Promise<void> {
    const { journal } = this.#copying;
    const going = new Set(wanted);
    const there = new Set(able.filter((file) => !going.has(file)).map(({ path }) => path));
    for (const { id, to, path } of journal.uploads) {
      if (!there.has(path)) continue;
      await this.#calls.abandon(id).catch(() => undefined);
      journal.dropped(to);
    }
  }

  async work(item: Sendable | Direct): Promise<void> {
    await this.completion.room();
    try {
      if (!('upload' in item)) await (this.#isOurs ? sendDirect : sendPlain)(item.file, this.#to, this.#copying);
      else if (item.upload.partCount === undefined) this.completion.add(item, await sendSmall(item, this.#to, this.#copying, this.#calls));
      else await sendLarge(item, this.#to, this.#copying, this.#calls);
    } catch (thrown) {
      await this.#lost(item, thrown);
    }
  }

  /** A file that was changed meanwhile is begun anew as it is. */
  async #lost(item: Sendable | Direct, thrown: unknown): Promise<void> {
    const { file, tries } = item;
    if (this.#copying.signal.aborted) return;
    if ('upload' in item) await this.#giveUp(item.upload, thrown);
    const fresh = thrown instanceof Changed && tries + 1 < TRIES ? restat(file) : undefined;
    if (fresh) this.line.push('upload' in item ? await this.#negotiate([fresh], tries + 1) : [{ file: fresh, tries: tries + 1 }]);
    else if (await hasArrived(file, thrown, this.#to, this.#copying)) {
      // The service has ended this one.
      if ('upload' in item) this.#copying.journal.dropped(item.upload.uri);
      this.#copying.report.settled('same', nameAt(this.#to, file.names), { size: file.size });
    } else this.#fail(file, thrown);
  }

  async #giveUp(document: UploadDocument, thrown: unknown): Promise<void> {
    const { journal } = this.#copying;
    const isLarge = document.partCount !== undefined;
    // A large one goes on when the copy is repeated.
    if (isLarge && !(thrown instanceof Changed)) return;
    await this.#calls.abandon(document.id).catch(() => undefined);
    if (isLarge) journal.dropped(document.uri);
    else journal.over([document.id]);
  }

  #fail(file: LocalFile, thrown: unknown): void {
    failed(this.#copying, nameAt(this.#to, file.names), thrown);
  }

  async #negotiate(files: readonly LocalFile[], tries: number): Promise<readonly Sendable[]> {
    if (files.length === 0) return [];
    const { session } = this.#to.space;
    const { signal, mode, journal } = this.#copying;
    const wishes: (readonly [LocalFile, NewUpload])[] = [];
    const items: Sendable[] = [];
    for (const file of files) {
      try {
        const uri = await session.uriOf([...this.#to.where, ...file.names], { signal });
        const known = file.size >= LARGE ? await leftLarge(uri, file, this.#calls, this.#copying) : undefined;
        if (known?.phase === 'PENDING') {
          this.#copying.report.note(`going on with ${nameAt(this.#to, file.names)}`);
          items.push({ file, upload: known, tries });
          continue;
        }
        // What was completed may have been replaced since.
        if (known && (await withoutSame([file], this.#to, this.#copying)).length === 0) continue;
        wishes.push([file, { uri, length: file.size, type: mediaTypeBy(uri, file.path), parts: file.size >= LARGE }]);
      } catch (thrown) {
        this.#fail(file, thrown);
      }
    }
    const condition = mode.keeps ? { ifNoneMatch: '*' } : {};
    journal.intending(wishes.flatMap(([, { uri, parts }]) => (parts ? [uri] : [])));
    const begun = await this.#begin(wishes.map(([, wish]) => ({ ...wish, ...condition })));
    const small: string[] = [];
    for (const [i, [file, { uri }]] of wishes.entries()) {
      const found = begun[i];
      const refused = refusalOf(found);
      if (refused && !refused.transient) journal.dropped(uri);
      if (refused && mode.keeps && refused.fault === 'PreconditionFailed')
        this.#copying.report.settled('kept', nameAt(this.#to, file.names));
      else if (refused) this.#fail(file, refused);
      else {
        const document = found as UploadDocument;
        items.push({ file, upload: document, tries });
        if (document.partCount === undefined) small.push(document.id);
        else journal.uploading(largeOf(document.id, uri, file));
      }
    }
    journal.begun(small);
    return items;
  }

  /** Too many that are under way: there is room when some of these are complete. */
  async #begin(wishes: readonly NewUpload[]): ReturnType<UploadCalls['beginMany']> {
    const { signal } = this.#copying;
    const { sleep } = this.#to.space.session.wire.runtime;
    const found = [...(await this.#calls.beginMany(wishes))];
    for (let tries = 1; tries <= 30; tries++) {
      const late = found.flatMap((one, i) => ('fault' in one && one.fault === 'TooManyRequests' ? [i] : []));
      if (late.length === 0) break;
      await this.completion.flush();
      await sleep(1000, signal);
      const again = await this.#calls.beginMany(late.flatMap((i) => wishes[i] ?? []));
      for (const [k, i] of late.entries()) found[i] = again[k] ?? found[i] ?? { uri: '', fault: 'ServiceBusy', detail: 'no answer' };
    }
    return found;
  }
}
