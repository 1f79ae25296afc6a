// Whether two have the same bytes, by what is known of them: their sizes, and MD5 or digests of parts.
import { hasBytes, type NodeDocument } from '../../model/node.ts';
import type { LocalFile, NodeFile } from './entry.ts';
import { hasDigest, md5OfFile } from './local-bytes.ts';
import { nodeFile } from './node-file.ts';

type By = 'md5' | 'size';
type Known = Pick<NodeFile, 'size' | 'md5' | 'parts'>;

/** A file of this computer and a node. */
export async function isSameHere(
  { path, size }: Pick<LocalFile, 'path' | 'size'>,
  node: Known,
  by: By,
  signal: AbortSignal,
): Promise<boolean> {
  if (node.size !== size) return false;
  if (by === 'size' || size === 0) return true;
  if (node.md5 !== undefined) return (await md5OfFile(path, signal)) === node.md5;
  return node.parts !== undefined && hasDigest(path, node.parts, signal);
}

/** Two nodes. */
export function isSameNode(file: Known, there: NodeDocument, by: By): boolean {
  if (!hasBytes(there.type)) return false;
  const other = nodeFile(there);
  if (file.size === undefined || other.size !== file.size) return false;
  if (by === 'size' || file.size === 0) return true;
  if (file.md5 !== undefined && other.md5 !== undefined) return file.md5 === other.md5;
  return file.parts !== undefined && file.parts === other.parts;
}
