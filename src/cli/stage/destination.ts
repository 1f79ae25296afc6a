// Where a stage writes: the pipe, and the VOSpace that takes the bytes for it.
import { isSameNode, readPlace } from '../../client/place.ts';
import type { FoundPipe } from '../pipe/reference.ts';
import { spaceOf } from '../pipe/reference.ts';
import type { Spaces } from '../spaces.ts';
import type { Destination } from './deliver.ts';

/** `input`: the pipe that is read. Throws what the services refuse, and Trouble where no VOSpace is known for the container. */
export async function destinationOf(
  spaces: Spaces,
  input: FoundPipe,
  output: FoundPipe,
  { inline, signal }: { readonly inline: boolean; readonly signal: AbortSignal },
): Promise<Destination> {
  const { src } = await output.pipe.describe({ signal });
  const { authority = '' } = readPlace(src);
  const isOwn = isSameNode(`vos://${authority}`, `vos://${await output.space.authority({ signal })}`);
  return {
    pipe: output.pipe,
    space: isOwn ? output.space : await spaceOf(spaces, src),
    source: src,
    consumes: input.space.base === output.space.base,
    inline,
  };
}
