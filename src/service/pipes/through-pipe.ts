// WriteChunk of nodes by one call to the pipe, which has their Space pin them together with those of others who write at the same time.
import type { Append, Appended, Glance, PipePort } from '../../durable/pipe/port.ts';
import type { ChunkRequest } from '../../model/json/pipe-write.ts';
import type { Lineage } from '../../model/lineage.ts';
import { allowsPipe } from '../../model/pipe-rights.ts';
import type { Principal } from '../../model/principal.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';
import { ownerOf } from './owner.ts';

/** What is to be written: names without bytes of their own, on behalf of `caller`. */
export interface Wanted {
  readonly caller: Principal;
  readonly chunks: readonly ChunkRequest[];
  readonly append: Omit<Append, 'chunks'>;
  readonly lineage?: Lineage;
}

/** Undefined: nothing has been written. The chunks have to be pinned from here, or refused from here. Throws what the pipe throws. */
export async function writeThroughPipe(
  services: Services,
  pipe: PipePort,
  { definition }: Glance,
  { caller, chunks: wanted, append, lineage }: Wanted,
): Promise<Appended | undefined> {
  const { source } = definition;
  if (source.kind !== 'local' || !allowsPipe(definition, caller, 'write')) return undefined;
  const owner = await ownerOf(services, definition);
  if (!owner) return undefined;
  const place = await services.spaces.at(parseVosUri(source.uri).path, caller, 'read', async (found) => found).catch(() => undefined);
  if (!place) return undefined;
  const { id: space, call } = place;
  return pipe.writeNodes({ append, wanted, ...(lineage && { lineage }), source: { space, call, owner } });
}
