// The size of a container: the committed bytes of all that lies below it, kept in its row like a file's.
import { run } from '../../sql.ts';
import type { Core } from '../core.ts';
import { oweProjection } from '../outbox.ts';
import * as q from '../queries.ts';

/**
 * Adds so many bytes, or takes them away, to the container and to every one above it. Called in the transaction in which bytes are
 * committed below it, or a node comes or goes with its own `size`.
 */
export function grow(core: Core, container: number | null, bytes: number): void {
  if (container === null || bytes === 0) return;
  run(core.sql, q.GROW_CONTAINERS, container, bytes);
  oweProjection(core);
}

/** Sets the sizes of all containers from what lies below them: after rows came in another way than one by one. */
export function measureContainers(core: Core): void {
  run(core.sql, q.MEASURE_CONTAINERS);
}
