// Another epoch of temp URL keys for every store container; whatever stops it, a repeat finishes what is left.
import { asFault } from '../../faults.ts';
import type { Principal } from '../../model/principal.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { rotateAdoptions, type RotatedAdoption } from './adoptions.ts';
import { everyHome } from './every-space.ts';
import type { Services } from '../services.ts';

export type RotationLine =
  /** `resumed`: an earlier rotation had left containers behind, so no further epoch was begun. */
  | { readonly kind: 'epoch'; readonly epoch: number; readonly resumed: boolean }
  | { readonly kind: 'space'; readonly name: string; readonly space: SpaceId; readonly container: string; readonly from: number }
  | RotatedAdoption
  | { readonly kind: 'failed'; readonly name: string; readonly space: SpaceId; readonly detail: string }
  /** `unused`: Spaces without a store container yet. */
  | {
      readonly kind: 'end';
      readonly epoch: number;
      readonly rotated: number;
      readonly current: number;
      readonly unused: number;
      readonly failed: number;
    };

/**
 * A container accepts the keys of its epoch and of the one before: URLs signed until now stay valid to their end, unless the keys are
 * rotated again meanwhile.
 */
export async function* rotateKeys(services: Services, principal: Principal): AsyncGenerator<readonly RotationLine[]> {
  const before = await services.keys.epoch();
  const resumed = await isUnfinished(services, principal, before);
  const epoch = resumed ? before : await services.keys.rotate(before);
  yield [{ kind: 'epoch', epoch, resumed }];
  const count = { rotated: 0, current: 0, unused: 0, failed: 0 };
  for await (const { name, id, space } of everyHome(services, principal)) {
    const container = await space.container();
    if (!container || container.epoch === 0) count.unused += 1;
    else if (container.epoch >= epoch) count.current += 1;
    else {
      try {
        // In this order: between the two the Space still signs with the earlier key, which the container accepts too.
        await services.objects.prepare({ name: container.name, epoch });
        await space.prepared(epoch);
        count.rotated += 1;
        yield [{ kind: 'space', name, space: id, container: container.name, from: container.epoch }];
      } catch (error) {
        count.failed += 1;
        yield [{ kind: 'failed', name, space: id, detail: asFault(error)?.message ?? 'InternalFault' }];
      }
    }
  }
  for await (const line of rotateAdoptions(services, epoch)) {
    if (line.kind === 'adopted') count.rotated += 1;
    else count.failed += 1;
    yield [line];
  }
  yield [{ kind: 'end', epoch, ...count }];
}

async function isUnfinished(services: Services, principal: Principal, epoch: number): Promise<boolean> {
  for await (const { space } of everyHome(services, principal)) {
    const container = await space.container();
    if (container && container.epoch > 0 && container.epoch < epoch) return true;
  }
  return false;
}
