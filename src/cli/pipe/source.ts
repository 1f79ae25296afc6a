// Where the bytes of what is written into a pipe go: its source container.
import { readPlace } from '../../client/place.ts';
import type { Vospace } from '../../client/vospace.ts';
import { isSameAuthority } from '../account/known.ts';
import type { Spaces } from '../spaces.ts';
import { spaceOf, type FoundPipe } from './reference.ts';

export interface Source {
  readonly space: Vospace;
  readonly uri: string;
  /** That VOSpace is the pipe's own: the pipe looks at what is there before it takes a chunk. */
  readonly isOwn: boolean;
}

/** Throws what the service refuses, and Trouble where no VOSpace is known for the container. */
export async function sourceOf(spaces: Spaces, { pipe, space }: FoundPipe, signal: AbortSignal): Promise<Source> {
  const { src } = await pipe.describe({ signal });
  const { authority = '' } = readPlace(src);
  const isOwn = isSameAuthority(authority, await space.authority({ signal }));
  return { space: isOwn ? space : await spaceOf(spaces, src), uri: src, isOwn };
}
