// What an archive is made of, whichever its format: entries in their order, and what stands before, after and behind their bytes.

interface Named {
  /** Relative, its parts joined by `/`, without a slash at either end. */
  readonly name: string;
  /** Epoch milliseconds; archives keep whole seconds. */
  readonly modified: number;
}
export type ArchiveEntry =
  | (Named & { readonly kind: 'file'; readonly size: number })
  | (Named & { readonly kind: 'directory' })
  /** A symbolic link; `target` is relative to where the link stands. */
  | (Named & { readonly kind: 'link'; readonly target: string });

/** Writes one archive: for each entry `before`, its bytes (files only; each part shown to `pass`), `after`; at last `end`. */
export interface ArchiveWriter {
  before(entry: ArchiveEntry): Uint8Array;
  pass(bytes: Uint8Array): void;
  after(): Uint8Array;
  end(): Uint8Array;
}

export interface ArchiveFormat {
  readonly name: 'tar' | 'zip';
  readonly mediaType: string;
  /** Bytes of the whole archive, exactly: known before a byte is read. */
  length(entries: readonly ArchiveEntry[]): number;
  writer(): ArchiveWriter;
}

/** The target of a symbolic link at `from` that leads to `to`, both names of entries in one archive. */
export function relativeTarget(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  return [...here.slice(common).map(() => '..'), ...there.slice(common)].join('/');
}
