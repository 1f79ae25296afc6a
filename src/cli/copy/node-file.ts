// A node with bytes, or a link, as its document has it.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { PARTS_DIGEST, readDigest } from '../../model/parts-digest.ts';
import { LENGTH, MD5, MTIME, TYPE } from '../../model/property.ts';
import { readTime } from '../nodes/facts.ts';
import { CONTENT_DATE } from './dates.ts';
import type { Folder, NodeFile } from './entry.ts';

/** `where`: from the root; `names`: on the way to it from where the copy begins. */
export function nodeFile(
  node: Pick<NodeDocument, 'type' | 'properties'>,
  where: readonly string[] = [],
  names: readonly string[] = [],
  parent?: Folder,
): NodeFile {
  const length = valueIn(node, LENGTH);
  const changed = valueIn(node, MTIME);
  const isLink = node.type === 'LinkNode';
  const digest = readDigest(valueIn(node, PARTS_DIGEST), changed);
  return {
    kind: 'file',
    names,
    parent,
    where,
    isLink,
    size: isLink || length === undefined ? undefined : Number(length),
    md5: isLink ? undefined : valueIn(node, MD5)?.trim().toLowerCase(),
    parts: digest,
    type: valueIn(node, TYPE),
    modified: readTime(valueIn(node, CONTENT_DATE)) ?? readTime(changed),
  };
}
