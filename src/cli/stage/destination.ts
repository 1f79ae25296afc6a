// Where a stage writes: the pipe, and the VOSpace that takes the bytes for it.
import type { FoundPipe } from '../pipe/reference.ts';
import { sourceOf } from '../pipe/source.ts';
import type { Spaces } from '../spaces.ts';
import type { Destination } from './deliver.ts';

/** `input`: the pipe that is read. Throws what the services refuse, and Trouble where no VOSpace is known for the container. */
export async function destinationOf(
  spaces: Spaces,
  input: FoundPipe,
  output: FoundPipe,
  { inline, signal }: { readonly inline: boolean; readonly signal: AbortSignal },
): Promise<Destination> {
  return {
    pipe: output.pipe,
    source: await sourceOf(spaces, output, signal),
    consumes: input.space.base === output.space.base,
    inline,
  };
}
