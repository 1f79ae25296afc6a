// In the root: which containers of the store were adopted, and by which Space. In a Space: what it still has of one.
import { Fault } from '../../../faults.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, first, run } from '../../sql.ts';
import { adoptedKeysOf } from '../../../model/adopted.ts';
import type { AdoptedUse, Adoption } from './port.ts';
import * as a from './queries.ts';
import { meta, present, type Core } from '../core.ts';
import { pathOf } from '../nodes/above.ts';

export function adoptionOf(core: Core, container: string): Adoption | undefined {
  const row = first(core.sql, a.GET_ADOPTION, container);
  return row && toAdoption(row);
}

export function listAdoptions(core: Core): readonly Adoption[] {
  return all(core.sql, a.ALL_ADOPTIONS).map(toAdoption);
}

export function disown(core: Core, container: string): void {
  const { from, before } = adoptedKeysOf((meta(core, 'id') ?? '') as SpaceId, container);
  run(core.sql, a.DISOWN_ADOPTED, from, before);
  run(core.sql, a.DROP_DOOMED, from, before);
}

export function adoptedUse(core: Core, container: string): AdoptedUse {
  const { from, before } = adoptedKeysOf((meta(core, 'id') ?? '') as SpaceId, container);
  const node = first(core.sql, a.NODE_OF_ADOPTED, from, before);
  return {
    objects: first(core.sql, a.COUNT_ADOPTED, from, before)?.count ?? 0,
    ...(node ? { path: pathOf(core, node.id) } : {}),
    doomed: first(core.sql, a.COUNT_DOOMED, from, before)?.count ?? 0,
  };
}

/** Objects that go with their last node have one Space that knows of all their nodes. */
export function registerAdoption(core: Core, container: string, space: SpaceId | '', owned: boolean, gone: SpaceId | undefined): Adoption {
  const known = first(core.sql, a.GET_ADOPTION, container);
  const others = known !== undefined && known.space !== space && known.space !== gone;
  if (others && (owned || known.owned === 1))
    throw new Fault(
      'Conflict',
      `container ${JSON.stringify(container)} was adopted in another top-level container: its objects can be owned by one only`,
    );
  run(core.sql, a.SET_ADOPTION, container, others ? '' : space, owned ? 1 : 0);
  return present(adoptionOf(core, container), 'adoption');
}

function toAdoption({ container, space, owned, epoch }: a.AdoptionRow): Adoption {
  return { container, space: space as SpaceId | '', owned: owned === 1, epoch };
}
