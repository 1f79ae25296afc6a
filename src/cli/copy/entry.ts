// What a source has, found one after the other: folders before what is in them, so that nobody needs a list of all.

export interface Folder {
  readonly kind: 'folder';
  /** On the way to it from where the copy begins; none: the beginning itself. */
  readonly names: readonly string[];
  /** Undefined for the beginning. */
  readonly parent: Folder | undefined;
  /** At the destination it was made by this copy: nothing can be in it that would have to be looked at. */
  fresh?: boolean;
  /** Why it is not there at the destination. */
  failed?: Error | undefined;
}

/** Whether nothing below it is wanted any more. */
export function isOut(folder: Folder | undefined): boolean {
  return folder !== undefined && (folder.failed !== undefined || isOut(folder.parent));
}

interface File {
  readonly kind: 'file';
  readonly names: readonly string[];
  /** Undefined where a single file is copied. */
  readonly parent: Folder | undefined;
}

/** What the disk says of a file or folder. */
export interface Found {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** Of this computer. */
export interface LocalFile extends File {
  readonly path: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly inode: number;
  /** A link that was not followed. */
  readonly isLink?: boolean;
}

/** A node with bytes, or a link, which may lead to some. */
export interface NodeFile extends File {
  /** From the root of its VOSpace. */
  readonly where: readonly string[];
  readonly isLink: boolean;
  readonly size: number | undefined;
  readonly md5: string | undefined;
  /** Of parts, see parts-digest.ts. */
  readonly parts: string | undefined;
  readonly type: string | undefined;
  /** Epoch milliseconds: of the contents as their owner says, else as the service says. */
  readonly modified: number | undefined;
}

export type Entry<F extends File> = Folder | F;

/** What was left out, and why. */
export type Skip = (name: string, why: string) => void;

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
