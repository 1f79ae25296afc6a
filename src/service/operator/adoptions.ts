// The adopted containers of the service, for operators: which there are, whether they can be signed for, their keys' next epoch, their end.
import { asFault, Fault } from '../../faults.ts';
import type { Adoption } from '../../durable/space/adopt/port.ts';
import type { Principal } from '../../model/principal.ts';
import { ROOT } from '../../model/space-id.ts';
import type { Services } from '../services.ts';
import { everyHome } from './every-space.ts';
import { foreignOf } from '../downloads/stored.ts';

export type AdoptionLine = Adoption & {
  /** ok: signed URLs work. keyless: others have taken both places of its keys. missing: the store does not have it any more. */
  readonly state: 'ok' | 'keyless' | 'missing';
};

export async function* listAdoptions(services: Services): AsyncGenerator<readonly AdoptionLine[]> {
  for (const adoption of await services.spaces.space(ROOT).adoptions()) {
    const { container: name, epoch } = adoption;
    const state = await foreignOf(services).holds({ name, epoch });
    yield [{ ...adoption, state: state === undefined ? 'missing' : state ? 'ok' : 'keyless' }];
  }
}

export type RotatedAdoption =
  | { readonly kind: 'adopted'; readonly container: string; readonly from: number }
  | { readonly kind: 'adopted-failed'; readonly container: string; readonly detail: string };

/** Gives each the key of the epoch; one that has it already, or has none, is left alone. */
export async function* rotateAdoptions(services: Services, epoch: number): AsyncGenerator<RotatedAdoption> {
  const root = services.spaces.space(ROOT);
  for (const { container, epoch: from } of await root.adoptions()) {
    if (from === 0 || from >= epoch) continue;
    try {
      await foreignOf(services).open({ name: container, epoch }, false);
      await root.adoptionPrepared(container, epoch);
      yield { kind: 'adopted', container, from };
    } catch (error) {
      yield { kind: 'adopted-failed', container, detail: asFault(error)?.message ?? 'InternalFault' };
    }
  }
}

/**
 * The container is only Swift's again: the service's key goes from it, its objects stay. Safe to repeat after a failure. Throws NotFound, and
 * Conflict while nodes refer to its objects or some are still to be deleted.
 */
export async function forgetAdoption(services: Services, principal: Principal, container: string): Promise<void> {
  const root = services.spaces.space(ROOT);
  const known = await root.adoption(container);
  if (!known) throw new Fault('NotFound', `container ${JSON.stringify(container)} is not adopted`);
  const owner = known.space === '' ? undefined : { name: '', id: known.space, space: services.spaces.space(known.space) };
  for await (const { name, id, space } of owner ? [owner] : everyHome(services, principal)) {
    const { objects, path, doomed } = await space.adoptedUse(container);
    const where = name === '' ? `Space ${id}` : name;
    if (objects > 0)
      throw new Fault(
        'Conflict',
        `nodes refer to ${objects} objects of it${path ? `, such as ${path.join('/')} in ${where}` : ' from elsewhere'}`,
      );
    if (doomed > 0) throw new Fault('Conflict', `${doomed} objects of it are still to be deleted, within about an hour`);
  }
  await foreignOf(services).close({ name: container, epoch: await services.keys.epoch() });
  await root.forgetAdoption(container);
}
