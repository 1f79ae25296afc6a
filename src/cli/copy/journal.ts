// What a copy has begun and not ended, kept on this computer, so that the same command goes on where it was after whatever has ended it:
// ids of uploads, and which ranges of large downloads have arrived. Never URLs, which are rights.
import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../text-file.ts';

/** An upload in parts, and the file of which they are. */
export interface LargeUpload {
  readonly id: string;
  readonly to: string;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
}

/** A download in ranges: the file that is being filled, and of which bytes. */
export interface LargeDownload {
  readonly part: string;
  readonly from: string;
  readonly size: number;
  /** MD5, or digest of parts, or when the node's bytes were committed: what tells them from others of the same size. */
  readonly identity: string;
  readonly range: number;
}

/** Under which names the sources go below the target; null: under the target's own. */
export type Plan = readonly (string | null)[];

/** Milliseconds that a plan is remembered: as long as uploads can go on. */
const PLAN_LIFE = 7 * 24 * 3600_000;

/** One line of the file. */
type Line =
  | { readonly plan: Plan; readonly at: number }
  | { readonly staging: string }
  | { readonly begun: readonly string[] }
  | { readonly over: readonly string[] }
  | { readonly intends: readonly string[] }
  | { readonly upload: LargeUpload }
  | { readonly download: LargeDownload }
  | { readonly arrived: readonly [part: string, range: number] }
  | { readonly dropped: string };

/** Bytes of the file after which it is written anew. */
const MOST = 4 * 1024 * 1024;

export class Journal {
  /** Twelve hexadecimal digits: of what is copied where to. */
  readonly key: string;
  readonly #file: string | undefined;
  readonly #stagings = new Set<string>();
  readonly #open = new Set<string>();
  readonly #intends = new Set<string>();
  readonly #uploads = new Map<string, LargeUpload>();
  readonly #downloads = new Map<string, LargeDownload & { readonly arrived: Set<number> }>();
  #plan: { readonly plan: Plan; readonly at: number } | undefined;
  #size = 0;
  /** It was begun before, and did not come to its end. */
  readonly resumes: boolean;

  /** `file` undefined: nothing is kept. */
  constructor(key: string, file: string | undefined) {
    this.key = key;
    this.#file = file;
    const text = (file !== undefined && readIfThere(file)) || '';
    for (const line of text.split('\n')) this.#take(line);
    this.#size = text.length;
    // A line that was cut off by the end of the process does not spoil the next one.
    if (text !== '' && !text.endsWith('\n')) this.#rewrite();
    this.resumes = this.#open.size + this.#uploads.size + this.#downloads.size > 0;
  }

  /** Where an earlier run has put things that were not there before it: the same command means the same places. */
  get plan(): Plan | undefined {
    return this.#plan && Date.now() - this.#plan.at < PLAN_LIFE ? this.#plan.plan : undefined;
  }

  planned(plan: Plan): void {
    this.#write({ plan, at: Date.now() });
  }

  /** Nothing has been put there. */
  unplanned(): void {
    if (this.#plan) this.#write({ plan: [], at: 0 });
  }

  /** Folders of this copy in which files are until they are whole. */
  get stagings(): readonly string[] {
    return [...this.#stagings];
  }

  staged(folder: string): void {
    if (!this.#stagings.has(folder)) this.#write({ staging: folder });
  }

  /** Ids of single uploads of which nobody knows how they ended. */
  get open(): readonly string[] {
    return [...this.#open];
  }

  get uploads(): readonly LargeUpload[] {
    return [...this.#uploads.values()];
  }

  /** Files of downloads that are to go on. */
  get parts(): ReadonlySet<string> {
    return new Set(this.#downloads.keys());
  }

  begun(ids: readonly string[]): void {
    if (ids.length > 0) this.#write({ begun: ids });
  }

  over(ids: readonly string[]): void {
    if (ids.length > 0) this.#write({ over: ids });
  }

  /** Uploads in parts are asked for: the service may have begun them when the process ends before it hears of it. */
  intending(to: readonly string[]): void {
    if (to.length > 0) this.#write({ intends: to });
  }

  /** Whether such an upload may be there of which nothing else is known. */
  intends(to: string): boolean {
    return this.#intends.has(to);
  }

  uploadTo(to: string): LargeUpload | undefined {
    return this.#uploads.get(to);
  }

  uploading(upload: LargeUpload): void {
    this.#write({ upload });
  }

  downloadInto(part: string): (LargeDownload & { readonly arrived: ReadonlySet<number> }) | undefined {
    return this.#downloads.get(part);
  }

  downloading(download: LargeDownload): void {
    this.#write({ download });
  }

  arrived(part: string, range: number): void {
    this.#write({ arrived: [part, range] });
  }

  /** A large upload, by where it goes to, or a download, by its file, has ended. */
  dropped(name: string): void {
    if (this.#intends.has(name) || this.#uploads.has(name) || this.#downloads.has(name)) this.#write({ dropped: name });
  }

  /** Nothing is kept of a copy that has left nothing open. `done`: all of it. */
  close(done: boolean): void {
    if (this.#file === undefined) return;
    // What was only intended is of no use any more where all files are there.
    const open = this.#open.size + (done ? 0 : this.#intends.size) + this.#uploads.size + this.#downloads.size;
    if (open === 0 && (done || !this.plan)) rmSync(this.#file, { force: true });
  }

  #write(line: Line): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#take(text);
    if (this.#file === undefined) return;
    if (this.#size + text.length > MOST) return this.#rewrite();
    if (this.#size === 0) mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
    appendFileSync(this.#file, text, { mode: 0o600 });
    this.#size += text.length;
  }

  #rewrite(): void {
    if (this.#file === undefined) return;
    const lines: Line[] = [
      ...(this.#plan ? [this.#plan] : []),
      ...this.stagings.map((staging) => ({ staging })),
      { begun: [...this.#open] },
      { intends: [...this.#intends] },
      ...[...this.#uploads.values()].map((upload) => ({ upload })),
      ...[...this.#downloads.values()].flatMap(({ arrived, ...download }): readonly Line[] => [
        { download },
        ...[...arrived].map((range) => ({ arrived: [download.part, range] as const })),
      ]),
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const fresh = `${this.#file}.new`;
    const file = openSync(fresh, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, this.#file);
    this.#size = text.length;
  }

  /** What cannot be read is left out: the worst of it is that bytes are sent once more. */
  #take(text: string): void {
    if (text.trim() === '') return;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      return;
    }
    if ('plan' in line) this.#plan = line;
    else if ('staging' in line) this.#stagings.add(line.staging);
    else if ('begun' in line) for (const id of line.begun) this.#open.add(id);
    else if ('over' in line) for (const id of line.over) this.#open.delete(id);
    else if ('intends' in line) for (const to of line.intends) this.#intends.add(to);
    else if ('upload' in line) {
      this.#intends.delete(line.upload.to);
      this.#uploads.set(line.upload.to, line.upload);
    } else if ('download' in line) this.#downloads.set(line.download.part, { ...line.download, arrived: new Set() });
    else if ('arrived' in line) this.#downloads.get(line.arrived[0])?.arrived.add(line.arrived[1]);
    else if ('dropped' in line) {
      this.#intends.delete(line.dropped);
      this.#uploads.delete(line.dropped);
      this.#downloads.delete(line.dropped);
    }
  }
}
