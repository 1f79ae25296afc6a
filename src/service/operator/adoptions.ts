// The adopted containers of the service, for operators: which there are, whether they can be signed for, and their keys' next epoch.
import { asFault } from '../../faults.ts';
import type { Adoption } from '../../durable/space/adopt/port.ts';
import { ROOT } from '../../model/space-id.ts';
import type { Services } from '../services.ts';
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
