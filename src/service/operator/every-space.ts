// Goes through all Spaces of the service, as the root names them: what operators' work begins with.
import type { SpacePort } from '../../durable/space/port.ts';
import { PAGE } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import type { Services } from '../services.ts';

export interface NamedSpace {
  /** Of the top-level container; '' when it has been moved away or removed. */
  readonly name: string;
  readonly id: SpaceId;
  readonly space: SpacePort;
}

/** In the order of their names, each once, the root not among them. One that is made or renamed meanwhile may be missed. */
export async function* everySpace(services: Services, principal: Principal): AsyncGenerator<NamedSpace> {
  const seen = new Set<SpaceId>();
  const { space: root, call } = services.spaces.root([], principal);
  for (let start: string | undefined = ''; start !== undefined;) {
    const page = await root.read(call, { detail: 'min', limit: PAGE, start, sort: 'name', descending: false });
    for (const { name, mount } of page.children ?? []) {
      if (mount === undefined || seen.has(mount)) continue;
      seen.add(mount);
      yield { name, id: mount, space: services.spaces.space(mount) };
    }
    start = page.next;
  }
}

/** The same, and then those that have lost their names while others hold bytes of them: everything that has a store container. */
export async function* everyHome(services: Services, principal: Principal): AsyncGenerator<NamedSpace> {
  yield* everySpace(services, principal);
  for (const id of await services.spaces.space(ROOT).ghosts()) yield { name: '', id, space: services.spaces.space(id) };
}

export interface SpaceLine {
  readonly name: string;
  readonly space: SpaceId;
  /** The container in the store; made with the first upload. */
  readonly container: string;
  /** Of the temp URL key; 0: the container has not been made. */
  readonly epoch: number;
  readonly quota?: { readonly bytes: number; readonly used: number; readonly reserved: number };
  readonly uploads: number;
  readonly leftovers: number;
  /** Since when nothing of this restored Space is removed from the store, ISO 8601. */
  readonly paused?: string;
}

/** What operators see of each Space. */
export async function* listSpaces(services: Services, principal: Principal): AsyncGenerator<readonly SpaceLine[]> {
  for await (const { name, id, space } of everySpace(services, principal)) {
    const status = await space.status();
    if (!status) continue;
    const { container, quota, uploads, leftovers, paused } = status;
    const line: SpaceLine = {
      name,
      space: id,
      container: container.name,
      epoch: container.epoch,
      ...(quota ? { quota } : {}),
      uploads,
      leftovers,
    };
    yield [paused === undefined ? line : { ...line, paused: new Date(paused).toISOString() }];
  }
}
