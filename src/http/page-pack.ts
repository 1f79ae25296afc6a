// The page's files as scripts/build-page.mjs packs them: gzipped but for the HTML, one after the other, behind a list.

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly length: number;
}

/** By path below /ui, without leading slash. */
export function readPagePack(pack: ArrayBuffer): ReadonlyMap<string, PageFile> {
  const length = new DataView(pack).getUint32(0);
  const entries = JSON.parse(new TextDecoder().decode(new Uint8Array(pack, 4, length))) as readonly Entry[];
  let at = 4 + length;
  return new Map(
    entries.map((entry) => {
      const bytes = new Uint8Array(pack, at, entry.length);
      at += entry.length;
      return [entry.path, { type: entry.type, bytes }];
    }),
  );
}
