// What the uploads of a carried chunk are called: so that whoever goes on finds those of the attempts before.
import type { UploadState } from '../../durable/space/uploads/parts-port.ts';
import type { PipeDefinition } from '../../model/pipe.ts';
import { sha256, toBase64Url } from '../../model/secret.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { NodePath } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

export interface Carried {
  readonly definition: PipeDefinition;
  readonly chunk: { readonly seq: number };
}

/** More than a chunk ever has: each is one that failed for good. */
const MOST_ROUNDS = 1000;

/** Of the chunk's `round`-th upload: nobody else's, and it does not tell the pipe's id. */
export async function nameOfUpload({ definition, chunk }: Carried, round: number): Promise<string> {
  return toBase64Url(await sha256(`upload ${definition.id} ${chunk.seq} ${round}`)).slice(0, 24);
}

/** From that round on, up to the first that was never reserved. */
export async function statesOf(
  services: Services,
  carried: Carried,
  container: NodePath,
  from: number,
): Promise<
  readonly { readonly round: number; readonly upload: string; readonly space: SpaceId; readonly state: UploadState | undefined }[]
> {
  const space = await services.spaces.mount(container[0] ?? '');
  if (space === undefined) return [];
  const states = [];
  for (let round = from; round < from + MOST_ROUNDS; round++) {
    const upload = await nameOfUpload(carried, round);
    const [state] = await services.spaces.space(space).uploadStates([upload]);
    states.push({ round, upload, space, state });
    if (!state) break;
  }
  return states;
}
