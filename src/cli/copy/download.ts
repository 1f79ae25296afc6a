// Nodes into files of this computer: of this project's service negotiated 500 at a time, the next ones while the last come straight from the
// store; of another one each by itself.
import type { VospaceError } from '../../client/error.ts';
import { findMany } from '../../client/uploads.ts';
import type { Vospace } from '../../client/vospace.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { DownloadDocument } from '../../model/uploads.ts';
import { EXIT } from '../exit.ts';
import { textOf } from '../target.ts';
import { explain, Trouble } from '../trouble.ts';
import { failed, type Copying, type NodePlace } from './copying.ts';
import { setDate } from './dates.ts';
import type { Entry, Folder, NodeFile } from './entry.ts';
import { fetchLarge } from './fetch-large.ts';
import { fetchPlain } from './fetch-plain.ts';
import { fetchSmall } from './fetch-small.ts';
import type { Fetchable, Fetched } from './fetching.ts';
import { makeLocalFolder } from './local-folders.ts';
import { LocalNames, look } from './local-names.ts';
import { isSameHere } from './same.ts';
import { batches, Line } from './slots.ts';
import type { Staging } from './staging.ts';
import { workOff } from './workers.ts';

/** Bytes from which on a file comes in ranges, several at a time, and goes on where it broke off. */
const LARGE = 32 * 1024 * 1024;

/** `found` undefined: it was not negotiated. */
type Wanted = Pick<Fetchable, 'file' | 'path'> & { readonly found?: DownloadDocument };

/** `to`: the file or folder for what comes without names. */
export async function download(
  entries: AsyncIterable<Entry<NodeFile>>,
  from: Pick<NodePlace, 'space' | 'authority'>,
  to: { readonly path: string; readonly staging: Staging },
  copying: Copying,
): Promise<void> {
  const line = new Line<Wanted>(MAX_BATCH / 2);
  const run = new Run(from, to, copying);
  const find = async (): Promise<void> => {
    for await (const batch of batches(entries, MAX_BATCH)) {
      copying.signal.throwIfAborted();
      const files: NodeFile[] = [];
      for (const entry of batch) {
        if (entry.kind === 'folder') run.makeFolder(entry);
        else if (await run.isWanted(entry)) files.push(entry);
      }
      await line.few();
      if (files.length > 0) line.push(await run.negotiate(files));
    }
  };
  await workOff(copying, line, copying.parallel, find, (item) => run.fetch(item));
}

class Run {
  readonly #from: Vospace;
  readonly #authority: string | undefined;
  readonly #to: { readonly path: string; readonly staging: Staging };
  readonly #copying: Copying;
  readonly #names: LocalNames;

  constructor(
    { space, authority }: Pick<NodePlace, 'space' | 'authority'>,
    to: { readonly path: string; readonly staging: Staging },
    copying: Copying,
  ) {
    this.#from = space;
    this.#authority = authority;
    this.#to = to;
    this.#copying = copying;
    this.#names = new LocalNames(to.path);
  }

  makeFolder(folder: Folder): void {
    makeLocalFolder(folder, this.#to.path, this.#names, this.#copying);
  }

  /** False: it stays as it is, or cannot come. */
  async isWanted(file: NodeFile): Promise<boolean> {
    const { mode, report, signal } = this.#copying;
    try {
      if (file.parent?.failed) throw file.parent.failed;
      const path = this.#names.pathOf(file.names);
      if (file.parent?.fresh) return true;
      const found = look(path);
      if (!found) return true;
      if (found.isDirectory()) throw new Trouble(`${path} is a folder`, { exit: EXIT.conflict });
      if (mode.keeps) report.settled('kept', path);
      else if (await isSameHere({ path, size: found.size }, file, mode.same, signal)) {
        if (mode.dates) setDate(path, file.modified);
        report.settled('same', path, { size: found.size, md5: file.md5 });
      } else return true;
      return false;
    } catch (thrown) {
      this.#fail(file, thrown);
      return false;
    }
  }

  async negotiate(files: readonly NodeFile[]): Promise<readonly Wanted[]> {
    if (!this.#from.session.codec.ours) return files.map((file) => ({ file, path: this.#names.pathOf(file.names) }));
    const found = await findMany(
      this.#from,
      files.map(({ where }) => where),
      { signal: this.#copying.signal },
    );
    return files.flatMap((file, i) => {
      const one = found[i];
      if (one && !('error' in one)) return [{ file, found: one, path: this.#names.pathOf(file.names) }];
      this.#refused(file, one?.error);
      return [];
    });
  }

  async fetch({ file, path, found }: Wanted): Promise<void> {
    const { report, mode } = this.#copying;
    try {
      if (mode.keeps && look(path)) return report.settled('kept', path);
      const { size, md5 } = await this.#bytes(file, path, found);
      return report.settled('copied', path, { size, ...(md5 !== undefined && { md5 }) });
    } catch (thrown) {
      return this.#fail(file, thrown);
    }
  }

  #bytes(file: NodeFile, path: string, found: DownloadDocument | undefined): Promise<Fetched> {
    const from = { space: this.#from, staging: this.#to.staging };
    if (found === undefined) return fetchPlain({ file, path }, from, this.#copying);
    const again = async (): Promise<DownloadDocument> => {
      const [one] = await findMany(this.#from, [file.where], { signal: this.#copying.signal });
      if (!one || 'error' in one) throw one?.error ?? new Error('no answer');
      return one;
    };
    const fetch = found.size >= LARGE ? fetchLarge : fetchSmall;
    return fetch({ file, found, path }, { ...from, copying: this.#copying, again });
  }

  /** A tree comes without its links that lead to no bytes; what was named itself does not. */
  #refused(file: NodeFile, error: VospaceError | undefined): void {
    if (error && file.isLink && file.parent) this.#copying.report.skipped(this.#nameOf(file), explain(error).message);
    else this.#fail(file, error ?? new Error('no answer'));
  }

  #nameOf({ where }: NodeFile): string {
    return textOf({ authority: this.#authority, names: where });
  }

  #fail(file: NodeFile, thrown: unknown): void {
    failed(this.#copying, this.#nameOf(file), thrown);
  }
}
