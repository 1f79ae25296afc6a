// The nodes below a container, page by page: folders before what is in them.
import type { Vospace } from '../../client/vospace.ts';
import { hasBytes } from '../../model/node.ts';
import { isOut, type Entry, type Folder, type NodeFile } from './entry.ts';
import { nodeFile } from './node-file.ts';
import { nameOf } from '../nodes/facts.ts';
import type { Walk } from './walk-local.ts';

interface Level {
  readonly folder: Folder;
  readonly where: readonly string[];
}

/** `where`: a container, from the root. It comes first itself. */
export async function* walkNodes(
  space: Vospace,
  where: readonly string[],
  { signal, skip, failed }: Walk,
): AsyncGenerator<Entry<NodeFile>, void, undefined> {
  const top: Folder = { kind: 'folder', names: [], parent: undefined };
  yield top;
  const levels: Level[] = [{ folder: top, where }];
  for (let level = levels.pop(); level; level = levels.pop()) {
    const { folder } = level;
    if (isOut(folder)) continue;
    try {
      for await (const node of space.nodes.children(level.where, { detail: 'properties', signal })) {
        if (isOut(folder)) break;
        const name = nameOf(node);
        const names = [...folder.names, name];
        if (hasBytes(node.type) || node.type === 'LinkNode') yield nodeFile(node, [...level.where, name], names, folder);
        else if (node.type === 'ContainerNode') {
          const below: Folder = { kind: 'folder', names, parent: folder };
          yield below;
          levels.push({ folder: below, where: [...level.where, name] });
        } else skip(node.uri, 'it is a node without bytes');
      }
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      failed(await space.session.uriOf(level.where, { signal }), thrown);
    }
  }
}
