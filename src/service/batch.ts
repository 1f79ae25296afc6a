// Many items in one request: each Space is asked once for all that lie in it, and what is refused of one leaves the others alone.
import { asFault, Fault } from '../faults.ts';
import type { Refused } from '../durable/space/uploads/parts-port.ts';
import type { Call, SpacePort } from '../durable/space/port.ts';
import type { SpaceId } from '../model/space-id.ts';
import type { Principal } from '../model/principal.ts';
import { allows as scopesAllow, type ScopedAction } from '../model/scopes.ts';
import type { Refusal } from '../model/uploads.ts';
import { formatVosUri, type NodePath } from '../model/vos-uri.ts';
import { inParallel } from './in-parallel.ts';
import type { Services } from './services.ts';

/** Spaces that are asked at a time. */
const AT_ONCE = 8;

export interface Asking<Item> {
  readonly space: SpaceId;
  readonly port: SpacePort;
  readonly items: readonly { readonly call: Call; readonly item: Item }[];
}

/** `ask` answers one result for each of its items, in their order; so does the whole. */
export async function perSpace<Item extends { readonly path: NodePath }, R>(
  services: Services,
  principal: Principal,
  action: ScopedAction,
  items: readonly Item[],
  ask: (asking: Asking<Item>) => Promise<readonly R[]>,
): Promise<readonly (R | Refused)[]> {
  const { authority } = services.config;
  const uri = ({ path }: Item): string => formatVosUri({ authority, path });
  const results: (R | Refused)[] = items.map((item) =>
    refusedBy(new Fault('PermissionDenied', `${uri(item)}: the token's scopes do not cover it`)),
  );
  const scopes = principal.kind === 'user' ? principal.scopes : undefined;
  const allowed = items.flatMap((item, index) => (scopesAllow(scopes, action, item.path) ? [{ item, index }] : []));
  const groups = [...Map.groupBy(allowed, ({ item }) => item.path[0]).values()];
  await inParallel(groups, AT_ONCE, async (group) => {
    const path = group[0]?.item.path ?? [];
    const answers = await services.spaces
      .at(path, principal, action, ({ id, space, call }) => {
        const inSpace = (item: Item): Call => ({ ...call, path: call.name === '' ? item.path : item.path.slice(1), uri: uri(item) });
        return ask({ space: id, port: space, items: group.map(({ item }) => ({ item, call: inSpace(item) })) });
      })
      .catch((error: unknown) => group.map(() => refusedBy(error)));
    for (const [i, { index }] of group.entries()) {
      const answer = answers[i];
      if (answer !== undefined) results[index] = answer;
    }
  });
  return results;
}

/** What is not a refusal is thrown on. */
export function refusedBy(error: unknown): Refused {
  const fault = asFault(error);
  if (!fault) throw error;
  return { kind: 'refused', fault: fault.fault, detail: fault.detail };
}

/** Under the name that the client gave it. */
export function refusedItem(name: string, { fault, detail }: Refused): { readonly uri: string } & Refusal {
  return { uri: name.slice(0, 4096), fault, detail };
}
