// One member of an archive that somebody else has made, and what is refused about it.
import { Fault } from '../faults.ts';
import { parsePath, type NodePath } from '../model/vos-uri.ts';

export interface Member {
  readonly kind: 'file' | 'directory' | 'link';
  /** Relative to where the archive is unpacked; empty for that place itself. */
  readonly path: NodePath;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Links only: where it leads, relative to the same place. */
  readonly target?: NodePath;
}

export function refuseArchive(why: string): Fault {
  return new Fault('InvalidArgument', `the archive is refused: ${why}`);
}

/** A name for a message. */
export function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

/** Dots and doubled slashes are left out. Throws for names that lead out of the archive, or cannot be names of nodes. */
export function memberPath(name: string): NodePath {
  if (/^(\/|[A-Za-z]:[\\/])/.test(name)) throw refuseArchive(`${quoted(name)} is an absolute path`);
  return toPath(
    name.split('/').filter((part) => part !== '' && part !== '.'),
    name,
  );
}

/** Where a symbolic link leads. Throws for links that lead out of the archive. */
export function linkTarget(link: NodePath, target: string): NodePath {
  const what = `the link ${quoted(link.join('/'))} to ${quoted(target)}`;
  if (target === '' || target.startsWith('/')) throw refuseArchive(`${what} leads out of it`);
  const parts: string[] = link.slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw refuseArchive(`${what} leads out of it`);
  }
  return toPath(parts, target);
}

function toPath(parts: readonly string[], name: string): NodePath {
  if (parts.includes('..')) throw refuseArchive(`${quoted(name)} has a part ..`);
  const reserved = parts.find((part) => part === '.auto' || part === '.null');
  if (reserved !== undefined) throw refuseArchive(`${quoted(name)}: ${reserved} is no name for a node`);
  if (!parts.every((part) => part.isWellFormed())) throw refuseArchive(`${quoted(name)} is not Unicode`);
  try {
    return parsePath(parts.map(encodeURIComponent).join('/'));
  } catch (error) {
    throw refuseArchive(error instanceof Fault ? error.detail : quoted(name));
  }
}
