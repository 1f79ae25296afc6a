// Containers for folders, those above before those below, several at a time.
import { VospaceError } from '../../client/error.ts';
import type { NodeType } from '../../model/node.ts';
import { failed, type Copying, type NodePlace } from './copying.ts';
import { asError, type Folder } from './entry.ts';
import { inTheWay } from './in-the-way.ts';
import { nameAt } from './there.ts';

const AT_ONCE = 8;

/** Marks those that are fresh, and those that could not be made. */
export async function makeFolders(folders: readonly Folder[], to: NodePlace, copying: Copying): Promise<void> {
  const depths = [...new Set(folders.map(({ names }) => names.length))].toSorted((one, other) => one - other);
  for (const depth of depths) {
    const waiting = folders.filter(({ names }) => names.length === depth).values();
    const worker = async (): Promise<void> => {
      for (const folder of waiting) await makeFolder(folder, to, copying);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

async function makeFolder(folder: Folder, to: NodePlace, copying: Copying): Promise<void> {
  const { signal, report } = copying;
  folder.failed = folder.parent?.failed;
  const where = [...to.where, ...folder.names];
  if (folder.failed !== undefined || where.length === 0) return;
  try {
    const type = folder.parent?.fresh ? undefined : await visibleType(to, where, signal);
    if (type === 'ContainerNode') return;
    if (type !== undefined) throw inTheWay(nameAt(to, folder.names), type, 'ContainerNode');
    await to.space.nodes.create(where, { type: 'ContainerNode' }, { signal });
    folder.fresh = true;
    report.settled('made', nameAt(to, folder.names));
  } catch (thrown) {
    // Somebody else was quicker, or may write it and not read it.
    if (thrown instanceof VospaceError && thrown.fault === 'DuplicateNode') return;
    folder.failed = asError(thrown);
    failed(copying, nameAt(to, folder.names), thrown);
  }
}

/** Undefined: nothing, or nothing that one may see. */
async function visibleType({ space }: NodePlace, where: readonly string[], signal: AbortSignal): Promise<NodeType | undefined> {
  try {
    return (await space.nodes.get(where, { limit: 0, detail: 'min', signal })).node.type;
  } catch {
    return undefined;
  }
}
