// Nodes at a pipe's destination go when their chunks are trimmed: the Space removes those that still have what the pipe has placed there.
import type { PipeDefinition } from '../../model/pipe.ts';
import { ROOT } from '../../model/space-id.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

/** Paths are relative to the destination container. Safe to repeat. */
export async function reclaim(
  { spaces }: Services,
  { id, destination }: PipeDefinition,
  items: readonly { readonly path: readonly string[] }[],
): Promise<void> {
  const [name] = parseVosUri(destination.uri).path;
  const space = (name === undefined ? undefined : await spaces.mount(name)) ?? ROOT;
  await spaces.space(space).reclaimChunks(id, items);
}
