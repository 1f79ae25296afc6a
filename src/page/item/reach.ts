// Whether those who may read a node get to it: that takes the right to read every container above it.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { CREATOR, GROUP_READ, GROUP_WRITE, INHERIT, PUBLIC_READ } from '../../model/property.ts';
import { readGroups } from './groups.ts';

/** Who may read, beside the owner. */
export interface Readers {
  readonly isPublic: boolean;
  readonly groups: readonly string[];
}

export interface Barrier {
  /** URI of a container above the node. */
  readonly container: string;
  /** Everybody may read the node, but not this container. */
  readonly everybody: boolean;
  /** Groups that may read the node, but not this container. */
  readonly groups: readonly string[];
}

/** `above`: the containers on the way, the nearest first. */
export function barriers({ isPublic, groups }: Readers, above: readonly NodeDocument[]): readonly Barrier[] {
  return above.flatMap((container) => {
    if (valueIn(container, PUBLIC_READ) === 'true') return [];
    const admitted = [GROUP_READ, GROUP_WRITE].flatMap((uri) => readGroups(valueIn(container, uri) ?? ''));
    const left = groups.filter((group) => !admitted.includes(group));
    return isPublic || left.length > 0 ? [{ container: container.uri, everybody: isPublic, groups: left }] : [];
  });
}

export type Kinship =
  /** The container gives its access to what is made in it, and the node has the same still. */
  | 'inherited'
  /** It gives it, and the node has another. */
  | 'other'
  /** It does not give it. */
  | 'own';

export function kinshipOf(node: NodeDocument, container: NodeDocument): Kinship {
  if (valueIn(container, INHERIT) !== 'true') return 'own';
  const same =
    valueIn(node, PUBLIC_READ) === valueIn(container, PUBLIC_READ) &&
    [GROUP_READ, GROUP_WRITE].every((uri) => sorted(node, uri) === sorted(container, uri));
  return same ? 'inherited' : 'other';
}

function sorted(node: NodeDocument, uri: string): string {
  return readGroups(valueIn(node, uri) ?? '')
    .toSorted()
    .join(' ');
}

/** What a node has to be given to have the container's access. */
export function accessOf(container: NodeDocument): Readonly<Record<string, string>> {
  return {
    [PUBLIC_READ]: valueIn(container, PUBLIC_READ) ?? 'false',
    [GROUP_READ]: valueIn(container, GROUP_READ) ?? '',
    [GROUP_WRITE]: valueIn(container, GROUP_WRITE) ?? '',
  };
}

export function ownerOf(node: NodeDocument): string | undefined {
  return valueIn(node, CREATOR);
}
