// Trees of files of this computer, made and compared.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Relative path → contents, of all that is below a folder. */
export function treeOf(path: string): Readonly<Record<string, string>> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .map((entry) => [join(entry.parentPath, entry.name).slice(path.length + 1), entry] as const)
      .toSorted(([one], [two]) => (one < two ? -1 : 1))
      .map(([name, entry]) => [name, entry.isDirectory() ? '/' : readFileSync(join(path, name)).toString('base64')]),
  );
}

/** Names that end with a slash are folders. The answer is the tree's own path. */
export function makeTree(directory: string, name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const top = join(directory, name);
  mkdirSync(top, { recursive: true });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(top, path, path.endsWith('/') ? '.' : '..'), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(top, path), bytes);
  }
  return top;
}
