// What is known of a folder itself: its size and room, and what the user may do in it.
import type { NodeDocument } from '../../model/node.ts';

export interface FolderFacts {
  /** Bytes of everything below it. */
  readonly size: number | undefined;
  readonly quota: number | undefined;
  readonly left: number | undefined;
  /** Undefined where the service does not say. */
  readonly writable: boolean | undefined;
}

const CORE = 'ivo://ivoa.net/vospace/core#';

export function folderFacts({ properties }: NodeDocument): FolderFacts {
  const values = new Map(properties.map(({ uri, value }) => [uri, value]));
  const number = (name: string): number | undefined => {
    const value = values.get(CORE + name);
    return value === undefined ? undefined : Number(value);
  };
  const writable = values.get('ivo://cadc.nrc.ca/vospace/core#writable');
  return {
    size: number('length'),
    quota: number('quota'),
    left: number('availableSpace'),
    writable: writable === undefined ? undefined : writable === 'true',
  };
}
