// What is at the destination already: files that need not go once more, by their size and digest.
import { VospaceError } from '../../client/error.ts';
import { readPlace } from '../../client/place.ts';
import { findMany } from '../../client/uploads.ts';
import type { Vospace } from '../../client/vospace.ts';
import { textOf } from '../target.ts';
import { failed, type Copying, type NodePlace } from './copying.ts';
import type { LocalFile } from './entry.ts';
import { keepDate } from './dates.ts';
import { nodeAt } from '../nodes/look.ts';
import { isSameHere } from './same.ts';
import { nodeFile } from './node-file.ts';

/** Files read at a time. */
const AT_ONCE = 4;

/** Of a node with bytes. */
export interface There {
  readonly size: number;
  readonly md5: string | undefined;
}

/** Files on their way to nodes, without those that are to stay as they are. At most 500. */
export async function withoutSame(
  files: readonly LocalFile[],
  to: NodePlace,
  copying: Copying,
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<readonly LocalFile[]> {
  const { mode, report, signal } = copying;
  const left = new Set<LocalFile>();
  const asked = files.filter((file) => {
    if (file.parent?.fresh) return false;
    try {
      readPlace([...to.where, ...file.names]);
      return true;
    } catch (thrown) {
      // No node can be called so.
      failed(copying, nameAt(to, file.names), thrown);
      left.add(file);
      return false;
    }
  });
  const there = await lookUp(
    to.space,
    asked.map(({ names }) => [...to.where, ...names]),
    signal,
  );
  const waiting = asked.entries();
  const worker = async (): Promise<void> => {
    for (const [i, file] of waiting) {
      const found = there[i];
      if (found === undefined) continue;
      const name = nameAt(to, file.names);
      const where = [...to.where, ...file.names];
      if (mode.keeps) report.settled('kept', name);
      else
        try {
          if (!(await isSameThere(file, found, { ...to, where }, copying))) continue;
          if (!dry) await keepDate({ ...to, where }, undefined, file.modified, copying);
          report.settled('same', name, { size: file.size, md5: found.md5 });
        } catch (thrown) {
          if (signal.aborted) throw thrown;
          failed(copying, name, thrown);
        }
      left.add(file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return files.filter((file) => !left.has(file));
}

/** Whether the bytes of a file that was refused are there all the same: another copy of it was quicker. False where that cannot be told. */
export async function hasArrived(file: LocalFile, refused: unknown, to: NodePlace, copying: Copying): Promise<boolean> {
  if (!(refused instanceof VospaceError) || refused.fault !== 'NodeBusy') return false;
  const where = [...to.where, ...file.names];
  try {
    const [found] = await lookUp(to.space, [where], copying.signal);
    return found !== undefined && (await isSameThere(file, found, { ...to, where }, copying));
  } catch {
    return false;
  }
}

async function isSameThere(file: LocalFile, found: There, node: NodePlace, { mode, signal }: Copying): Promise<boolean> {
  const isAlike = found.size === file.size && mode.same === 'md5';
  const parts = isAlike && found.md5 === undefined ? await digestAt(node, signal) : undefined;
  return isSameHere(file, { ...found, parts }, mode.same, signal);
}

/** Of a node that was sent in parts. */
async function digestAt({ space, where }: NodePlace, signal: AbortSignal): Promise<string | undefined> {
  const { node } = await space.nodes.get(where, { limit: 0, detail: 'properties', signal });
  return nodeFile(node, where).parts;
}

/** Undefined for what has no bytes, or is not there, or is not to be seen: what is sent to it will be told why. */
export async function lookUp(
  space: Vospace,
  wheres: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<readonly (There | undefined)[]> {
  if (space.session.codec.ours) {
    const found = await findMany(space, wheres, { signal });
    return found.map((one) => ('error' in one ? undefined : { size: one.size, md5: one.md5 }));
  }
  const looks: (There | undefined)[] = [];
  for (const where of wheres) looks.push(await lookAt(space, where, signal));
  return looks;
}

async function lookAt(space: Vospace, where: readonly string[], signal: AbortSignal): Promise<There | undefined> {
  const node = await nodeAt({ space, where }, signal);
  const { size, md5 } = node ? nodeFile(node, where) : {};
  return size === undefined || node?.type === 'ContainerNode' ? undefined : { size, md5 };
}

/** As a person writes it: a place, or what has these names below it. */
export function nameAt({ where, authority }: Pick<NodePlace, 'where' | 'authority'>, names: readonly string[] = []): string {
  return textOf({ authority, names: [...where, ...names] });
}
