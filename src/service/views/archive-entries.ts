// What an archive of some nodes holds: listed at one moment, before the first byte is sent.
import { Fault } from '../../faults.ts';
import type { Tree, TreeEntry } from '../../durable/space/port.ts';
import { relativeTarget, type ArchiveEntry } from '../../formats/archive.ts';
import { hasBytes } from '../../model/node.ts';
import type { Principal } from '../../model/principal.ts';
import { formatVosUri, isWithin, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { ObjectKey, StoreContainer } from '../../objects/port.ts';
import { follow, type Step } from '../links.ts';
import type { Services } from '../services.ts';
import { settleSoon } from '../uploads/settle.ts';

/** An entry, and where its bytes are: in the store, or here. */
export interface Packed {
  readonly entry: ArchiveEntry;
  /** For refusals and logs. */
  readonly uri: string;
  readonly source?: { readonly container: StoreContainer; readonly key: ObjectKey; readonly home?: SpaceId };
  readonly bytes?: Uint8Array;
}

export interface Listed {
  /** A name for the archive, without extension. */
  readonly name: string;
  readonly entries: readonly Packed[];
}

interface Top {
  readonly path: NodePath;
  readonly tree: Extract<Tree, { kind: 'tree' }>;
}

/** Targets of one archive. */
const MOST_TARGETS = 500;

/**
 * Throws the faults of reading for a target that the caller may not read, and RequestEntityTooLarge for more nodes than one archive may
 * have. What is below a target and cannot be in the archive is told in an entry of its own, `NOT-IN-ARCHIVE.txt`.
 */
export async function listArchive(services: Services, targets: readonly NodePath[], principal: Principal): Promise<Listed> {
  if (targets.length === 0 || targets.length > MOST_TARGETS)
    throw new Fault('InvalidArgument', `an archive has 1 to ${MOST_TARGETS} targets`);
  const tops: Top[] = [];
  let left = services.config.archiveNodes;
  for (const target of targets) {
    const top = await readTop(services, target, principal, left);
    tops.push(top);
    left -= top.tree.entries.length;
  }
  const names = nameTops(tops);
  const notes: string[] = [];
  const entries = tops.flatMap((top, i) => pack(services, top, names[i] ?? '', places(tops, names), notes));
  if (notes.length > 0) entries.push(note(notes, new Set(names.map((name) => name.split('/')[0] ?? '')), services.clock()));
  return { name: tops.length === 1 ? (tops[0]?.path.at(-1) ?? 'archive') : 'archive', entries };
}

async function readTop(services: Services, target: NodePath, principal: Principal, most: number): Promise<Top> {
  const { authority } = services.config;
  const step = async (at: NodePath): Promise<Step<Top['tree']>> => {
    const read = () => services.spaces.at(at, principal, 'read', ({ space, call }) => space.tree(call, most));
    let tree = await read();
    if (tree.kind === 'tree' && tree.uploads.length > 0 && (await settleSoon(services, at, principal, tree.uploads))) tree = await read();
    return tree.kind === 'link' ? tree : { kind: 'arrived', value: tree };
  };
  const { path, value: tree } = await follow(authority, target, step);
  const [top] = tree.entries;
  const uri = formatVosUri({ authority, path });
  if (top?.omitted === 'pending') throw new Fault('NodeBusy', `${uri}: its first upload is under way`, { 'Retry-After': '1' });
  if (top && top.type !== 'ContainerNode' && !hasBytes(top.type))
    throw new Fault('InvalidArgument', `${uri} is a ${top.type}, which has no bytes`);
  return { path, tree };
}

/** Each target by its own name; where two have the same, all by their paths. */
function nameTops(tops: readonly Top[]): readonly string[] {
  const short = tops.map(({ path }) => path.at(-1) ?? '');
  if (new Set(short).size === short.length) return short;
  const long = tops.map(({ path }) => path.join('/'));
  const twice = long.find((name, i) => long.some((other, j) => i !== j && (name === other || name.startsWith(`${other}/`))));
  if (twice !== undefined) throw new Fault('InvalidArgument', `/${twice} would be in the archive twice`);
  return long;
}

/** From a node's path to its name in the archive. */
function places(tops: readonly Top[], names: readonly string[]): (path: NodePath) => string | undefined {
  const known = tops.map(({ tree }) => new Set(tree.entries.filter(({ omitted }) => omitted === undefined).map(({ path }) => path)));
  return (path) => {
    for (const [i, top] of tops.entries()) {
      const rest = path.slice(top.path.length).join('/');
      if (isWithin(path, top.path) && known[i]?.has(rest)) return join(names[i] ?? '', rest);
    }
    return undefined;
  };
}

function pack(
  services: Services,
  { path, tree }: Top,
  top: string,
  place: (path: NodePath) => string | undefined,
  notes: string[],
): Packed[] {
  const { authority } = services.config;
  return tree.entries.flatMap((node): Packed[] => {
    const name = join(top, node.path);
    const uri = formatVosUri({ authority, path: [...path, ...node.path.split('/').filter((part) => part !== '')] });
    if (node.omitted !== undefined) {
      notes.push(`${uri}  ${node.omitted === 'denied' ? 'may not be read' : 'its first upload is under way'}`);
      return [];
    }
    const { modified } = node;
    if (node.type === 'ContainerNode') return [{ entry: { kind: 'directory', name, modified }, uri }];
    if (node.type === 'LinkNode') {
      const target = linkTarget(services, node, place);
      if (target === undefined) notes.push(`${uri}  links to ${node.target ?? ''}, which is not in this archive`);
      return target === undefined ? [] : [{ entry: { kind: 'link', name, modified, target: relativeTarget(name, target) }, uri }];
    }
    if (!hasBytes(node.type)) {
      notes.push(`${uri}  is a ${node.type}, which has no bytes`);
      return [];
    }
    const source =
      node.key === undefined ? {} : { source: { container: tree.container, key: node.key, ...(node.home && { home: node.home }) } };
    return [{ entry: { kind: 'file', name, modified, size: node.size }, uri, ...source }];
  });
}

/** A link's target as a name in the archive. */
function linkTarget(
  services: Services,
  node: Extract<TreeEntry, { omitted?: undefined }>,
  place: (path: NodePath) => string | undefined,
): string | undefined {
  try {
    const uri = parseVosUri(node.target ?? '');
    return uri.authority === services.config.authority ? place(uri.path) : undefined;
  } catch {
    return undefined;
  }
}

function note(notes: readonly string[], taken: ReadonlySet<string>, modified: number): Packed {
  let name = 'NOT-IN-ARCHIVE.txt';
  while (taken.has(name)) name = `_${name}`;
  const bytes = new TextEncoder().encode(`These nodes are not in this archive:\n\n${notes.join('\n')}\n`);
  return { entry: { kind: 'file', name, modified, size: bytes.byteLength }, uri: name, bytes };
}

function join(top: string, rest: string): string {
  return rest === '' ? top : `${top}/${rest}`;
}
