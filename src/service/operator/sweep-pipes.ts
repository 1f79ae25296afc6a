// Containers that are noted as ends of pipes which are not there: they may be moved and deleted again.
import type { SpacePort } from '../../durable/space/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Services } from '../services.ts';

export interface PipeLine {
  readonly kind: 'pipe';
  readonly space: SpaceId;
  readonly pipe: PipeId;
  /** False: only reported. */
  readonly released: boolean;
}

/** A pipe is there before its containers know of it, and they forget it before it goes: what is found here was lost. */
export async function* releaseEnds(
  services: Services,
  id: SpaceId,
  space: Pick<SpacePort, 'pipesNoted' | 'delist'>,
  releases: boolean,
): AsyncGenerator<readonly PipeLine[]> {
  const noted = Map.groupBy(await space.pipesNoted(), ({ pipe }) => pipe);
  for (const [pipe, ends] of noted) {
    const glance = await services.pipes(pipe).glance();
    if (glance && glance.condition !== 'destroyed') continue;
    if (releases) for (const end of ends) await space.delist(end, 'nothing');
    yield [{ kind: 'pipe', space: id, pipe, released: releases }];
  }
}
