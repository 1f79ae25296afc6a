// What is known of a folder itself: its size and room, and what the user may do in it.
import type { NodeDocument } from '../../model/node.ts';
import { IMMUTABLE, LOCKED, WRITABLE } from '../../model/property.ts';

export interface FolderFacts {
  /** Bytes of everything below it. */
  readonly size: number | undefined;
  readonly quota: number | undefined;
  readonly left: number | undefined;
  /** Why nothing can be put into it, as a sentence; undefined where something can, or the service does not say. */
  readonly closed: string | undefined;
}

const CORE = 'ivo://ivoa.net/vospace/core#';

export function folderFacts({ properties }: NodeDocument): FolderFacts {
  const values = new Map(properties.map(({ uri, value }) => [uri, value]));
  const number = (name: string): number | undefined => {
    const value = values.get(CORE + name);
    return value === undefined ? undefined : Number(value);
  };
  const closed =
    values.get(WRITABLE) === 'false'
      ? 'You may look at this folder, and not put anything into it.'
      : values.get(LOCKED) === 'true'
        ? 'This folder is locked: its owner can unlock it in the tab Access.'
        : values.get(IMMUTABLE) === 'true'
          ? 'This folder is immutable: it stays as it is.'
          : undefined;
  return {
    size: number('length'),
    quota: number('quota'),
    left: number('availableSpace'),
    closed,
  };
}
