// Where a pipe between two containers is made, and with which credentials: those that the person has for the other VOSpace.
import { readPlace } from '../../client/place.ts';
import type { PipeCredential } from '../../client/pipes.ts';
import type { Vospace } from '../../client/vospace.ts';
import { isSameAuthority } from '../account/known.ts';
import type { Spaces } from '../spaces.ts';
import type { NodeTarget } from '../target.ts';

export interface Ends {
  /** Whose pipe it is to be. */
  readonly space: Vospace;
  readonly src: string;
  readonly dest: string;
  /** For the end that is in another VOSpace. */
  readonly credentials: readonly PipeCredential[];
}

export interface End {
  readonly space: Vospace;
  readonly uri: string;
}

/** Asks the service for nothing but its name. Throws Trouble for a VOSpace that is not known. */
export async function endAt(spaces: Spaces, target: NodeTarget, signal: AbortSignal): Promise<End> {
  const space = await spaces.of(target);
  return { space, uri: await space.session.uriOf(target.names, { signal }) };
}

/** `at`: the end whose service has the pipe; default the destination's, which then fetches, unless it is of another kind. */
export async function endsOf(spaces: Spaces, src: End, dest: End, at: 'src' | 'dest' | undefined): Promise<Ends> {
  const isOne = src.space.base === dest.space.base;
  const home = at ?? (isOne || dest.space.session.codec.ours ? 'dest' : 'src');
  const [own, other] = home === 'dest' ? [dest, src] : [src, dest];
  const authority = readPlace(other.uri).authority ?? '';
  const isForeign = !isOne && !isSameAuthority(authority, await own.space.authority());
  const credentials = isForeign ? await spaces.credentialsFor(authority) : undefined;
  return {
    space: own.space,
    src: src.uri,
    dest: dest.uri,
    credentials: credentials === undefined ? [] : [{ authority, ...credentials }],
  };
}
